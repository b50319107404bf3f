// neon-js 5 signs and sends transactions of its own to a node of Neo N3: transfers, a deployment, calls, and bad ones.

import { load, plan, printAnswers } from "./answers.mjs";

const { CONST, experimental, rpc, sc, tx, u, wallet } = load("@cityofzion/neon-js");

const client = new rpc.RPCClient(plan.url);
const [alice, bob] = plan.wifs.map((wif) => new wallet.Account(wif));
const config = { networkMagic: plan.magic, rpcAddress: plan.url, account: alice };
const state = async (id) => (await client.getApplicationLog(id)).executions[0].vmstate;
const token = (hash) => new experimental.nep17.Nep17Contract(u.HexString.fromHex(hash.replace("0x", "")), config);

/** What a wallet does by hand; what `changes` says is otherwise. */
async function sent(changes = {}) {
  const script = sc.createScript({
    scriptHash: CONST.NATIVE_CONTRACT_HASH.GasToken,
    operation: "transfer",
    args: [
      sc.ContractParam.hash160(alice.address),
      sc.ContractParam.hash160(bob.address),
      sc.ContractParam.integer(1000),
      sc.ContractParam.any(null),
    ],
  });
  const transaction = new tx.Transaction({
    signers: [{ account: alice.scriptHash, scopes: tx.WitnessScope.CalledByEntry }],
    validUntilBlock: changes.validUntilBlock ?? (await client.getBlockCount()) + 100,
    script,
  });
  const test = await client.invokeScript(u.HexString.fromHex(script), transaction.signers);
  transaction.systemFee = u.BigInteger.fromNumber(test.gasconsumed);
  transaction.addWitness(new tx.Witness({ invocationScript: "", verificationScript: u.HexString.fromBase64(alice.contract.script).toString() }));
  const fee = Number(await client.calculateNetworkFee(transaction));
  transaction.networkFee = u.BigInteger.fromNumber(fee - (changes.less ?? 0));
  transaction.witnesses = [];
  transaction.sign(changes.signer ?? alice, changes.magic ?? plan.magic);
  return client.sendRawTransaction(transaction);
}

async function deployed() {
  const nef = sc.NEF.fromBuffer(Buffer.from(plan.nef, "base64"));
  const manifest = sc.ContractManifest.fromJson(plan.manifest);
  const id = await experimental.deployContract(nef, manifest, config);
  const hash = experimental.getContractHash(u.HexString.fromHex(alice.scriptHash), nef.checksum, manifest.name);
  return { id, hash, state: await state(id), found: (await client.getContractState(hash)).hash };
}

const shop = async () => new experimental.SmartContract(u.HexString.fromHex((await deployment).hash), config);
const deployment = deployed();
const signer = new tx.Signer({ account: alice.scriptHash, scopes: "CalledByEntry" });
const bought = [sc.ContractParam.hash160(alice.address), sc.ContractParam.integer(3)];

const reads = {
  deployment: () => deployment,
  "transfer of GAS by hand": async () => state(await sent()),
  "transfer of GAS": async () => state(await token(CONST.NATIVE_CONTRACT_HASH.GasToken).transfer(alice.address, bob.address, 2)),
  "transfer of NEO": async () => state(await token(CONST.NATIVE_CONTRACT_HASH.NeoToken).transfer(alice.address, bob.address, 7)),
  "balances of the receiver": async () => (await client.getNep17Balances(bob.address)).balance,
  "transfer of a token": async () => {
    const beans = token(plan.token);
    const id = await beans.transfer(alice.address, bob.address, 2.5);
    return { state: await state(id), left: await beans.balanceOf(alice.address) };
  },
  "call of a contract": async () => {
    const id = await (await shop()).invoke("buy", bought, [signer]);
    const [execution] = (await client.getApplicationLog(id)).executions;
    return { state: execution.vmstate, stack: execution.stack, events: execution.notifications.map((each) => each.eventname) };
  },
  "sold then": async () => (await (await shop()).testInvoke("sold", [bought[0]])).stack[0].value,
};

const refusals = {
  "one datoshi too little": () => sent({ less: 1 }),
  "expired": async () => sent({ validUntilBlock: (await client.getBlockCount()) - 1 }),
  "too far ahead": async () => sent({ validUntilBlock: (await client.getBlockCount()) + 100_000 }),
  "signed by another": () => sent({ signer: bob }),
  "another network": () => sent({ magic: 1 }),
  "an assertion that fails": async () => (await shop()).invoke("buy", [bought[0], sc.ContractParam.integer(0)], [signer]),
};

await printAnswers({ reads, refusals });
