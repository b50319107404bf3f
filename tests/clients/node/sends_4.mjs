// neon-js 4 builds, signs and sends transactions of its own to a node of Neo 2: coins, a claim, a token, and bad ones.

import { load, plan, printAnswers } from "./answers.mjs";

const { api, rpc, sc, tx, wallet } = load("neon-js-4");

const client = new rpc.RPCClient(plan.url);
const provider = new api.neoCli.instance(plan.url);
const [alice, bob] = plan.wifs.map((wif) => new wallet.Account(wif));
const ask = async (method, ...params) => (await client.query({ method, params })).result;
const config = (more) => ({ api: provider, url: plan.url, account: alice, ...more });

/** The answer to what the client sent, and where the node has it then. */
async function placed({ response, tx: transaction }) {
  const found = await ask("getrawtransaction", response.txid, 1);
  return { answer: response.result, type: found.type, confirmations: found.confirmations, hash: `0x${transaction.hash}` === found.txid, fee: found.net_fee };
}

const sends = async (amounts, fees = 0) =>
  placed(await api.sendAsset(config({ intents: api.makeIntent(amounts, bob.address), fees })));

/** A payment by hand from one coin, of which less comes out than goes in unless `changes` says otherwise. */
async function byHand(changes = {}) {
  const { assets } = await provider.getBalance(alice.address);
  const coin = assets.NEO.unspent[0];
  const payment = new tx.ContractTransaction({
    inputs: [new tx.TransactionInput({ prevHash: changes.txid ?? coin.txid, prevIndex: coin.index })],
    outputs: [new tx.TransactionOutput({ assetId: plan.neo, value: coin.value.plus(changes.more ?? 0), scriptHash: bob.scriptHash })],
  });
  if (changes.twice) payment.inputs.push(payment.inputs[0]);
  payment.sign((changes.signer ?? alice).privateKey);
  return client.sendRawTransaction(payment);
}

const reads = {
  "payment of NEO and GAS": () => sends({ NEO: 7, GAS: 0.25 }),
  "payment with a fee": () => sends({ GAS: 1 }, 0.001),
  "coins of the receiver": async () => (await provider.getBalance(bob.address)).export().assets,
  "what can be claimed": async () => (await ask("getclaimable", alice.address)).unclaimed,
  claim: async () => placed(await api.claimGas(config({}))),
  "what can be claimed then": async () => (await ask("getclaimable", alice.address)).unclaimed,
  "transfer of a token": async () => {
    const script = sc.createScript({ scriptHash: plan.token, operation: "transfer", args: [sc.ContractParam.byteArray(alice.address, "address"), sc.ContractParam.byteArray(bob.address, "address"), sc.ContractParam.integer(5)] });
    const sent = await api.doInvoke(config({ script, gas: 0 }));
    const log = await ask("getapplicationlog", sent.response.txid);
    return { ...(await placed(sent)), state: log.executions[0].vmstate, events: log.executions[0].notifications.length };
  },
  "tokens of the receiver": () => ask("getnep5balances", bob.address),
};

const refusals = {
  "more than goes in": () => byHand({ more: 1 }),
  "signed by another": () => byHand({ signer: bob }),
  "one coin twice": () => byHand({ twice: true }),
  "a coin that is not there": () => byHand({ txid: "ab".repeat(32) }),
};

await printAnswers({ reads, refusals });
