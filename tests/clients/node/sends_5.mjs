// neon-js 5 signs and sends transactions of its own to a node of Neo N3: transfers, claims, deployments, calls, updates, and bad ones.

import { load, plan, printAnswers } from "./answers.mjs";

const { CONST, experimental, rpc, sc, tx, u, wallet } = load("@cityofzion/neon-js");

const client = new rpc.RPCClient(plan.url);
const [alice, bob] = plan.wifs.map((wif) => new wallet.Account(wif));
const config = { networkMagic: plan.magic, rpcAddress: plan.url, account: alice };
const state = async (id) => (await client.getApplicationLog(id)).executions[0].vmstate;
const token = (hash) => new experimental.nep17.Nep17Contract(u.HexString.fromHex(hash.replace("0x", "")), config);

/** A transfer of GAS to the second account. */
const moved = (amount) => ({
  scriptHash: CONST.NATIVE_CONTRACT_HASH.GasToken,
  operation: "transfer",
  args: [
    sc.ContractParam.hash160(alice.address),
    sc.ContractParam.hash160(bob.address),
    sc.ContractParam.integer(amount),
    sc.ContractParam.any(null),
  ],
});

/** What a wallet does by hand; what `changes` says is otherwise. */
async function sent(changes = {}) {
  const script = changes.script ?? sc.createScript(moved(1000));
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

async function deployed(compiled) {
  const nef = sc.NEF.fromBuffer(Buffer.from(compiled.nef, "base64"));
  const manifest = sc.ContractManifest.fromJson(compiled.manifest);
  const id = await experimental.deployContract(nef, manifest, config);
  const hash = experimental.getContractHash(u.HexString.fromHex(alice.scriptHash), nef.checksum, manifest.name);
  return { id, hash, state: await state(id), found: (await client.getContractState(hash)).hash };
}

const shop = async () => new experimental.SmartContract(u.HexString.fromHex((await deployment).hash), config);
const deployment = deployed(plan);
const called = async (contract, method, ...args) => {
  const id = await contract.invoke(method, args, [signer]);
  const [execution] = (await client.getApplicationLog(id)).executions;
  return { state: execution.vmstate, stack: execution.stack, events: execution.notifications.map((each) => each.eventname) };
};
let beans;
const signer = new tx.Signer({ account: alice.scriptHash, scopes: "CalledByEntry" });
const bought = [sc.ContractParam.hash160(alice.address), sc.ContractParam.integer(3)];

const reads = {
  "claim of GAS": async () => {
    const neo = new experimental.nep17.NEOContract(config);
    const owed = await neo.getUnclaimedGas(alice.address);
    const [execution] = (await client.getApplicationLog(await neo.claimGas(alice.address))).executions;
    const events = execution.notifications.map((each) => each.contract);
    return { state: execution.vmstate, owes: owed > 0, events, left: await neo.getUnclaimedGas(alice.address) };
  },
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
  "call of a contract": async () => called(await shop(), "buy", ...bought),
  "transfers in one": async () => {
    const id = await sent({ script: sc.createScript(moved(1), moved(2), moved(3)) });
    const [execution] = (await client.getApplicationLog(id)).executions;
    return { state: execution.vmstate, amounts: execution.notifications.map((each) => each.state.value[2].value) };
  },
  "deployment of a token": async () => {
    const done = await deployed(plan.beans);
    beans = new experimental.SmartContract(u.HexString.fromHex(done.hash), config);
    return done.state;
  },
  "iteration in a session": async () => {
    const { session, stack } = await client.invokeFunction(beans.contractHash.toBigEndian(), "holders");
    const [row] = await client.traverseIterator(session, stack[0].id, 10);
    return { type: row.type, holder: u.HexString.fromBase64(row.value[0].value).toString(), ended: await client.traverseIterator(session, stack[0].id, 10) };
  },
  "update": async () => {
    const manifest = JSON.stringify({ ...plan.beans.manifest, extra: { version: 2 } });
    const args = [sc.ContractParam.byteArray(plan.beans.nef), sc.ContractParam.string(manifest), sc.ContractParam.any(null)];
    const { state } = await called(beans, "update", ...args);
    const found = await client.getContractState(beans.contractHash.toBigEndian());
    return { state, counter: found.updatecounter, extra: found.manifest.extra };
  },
  "destruction": async () => {
    const { state, events } = await called(beans, "destroy");
    return { state, events };
  },
  "sold then": async () => (await (await shop()).testInvoke("sold", [bought[0]])).stack[0].value,
};

const refusals = {
  "one datoshi too little": () => sent({ less: 1 }),
  "expired": async () => sent({ validUntilBlock: (await client.getBlockCount()) - 1 }),
  "too far ahead": async () => sent({ validUntilBlock: (await client.getBlockCount()) + 100_000 }),
  "signed by another": () => sent({ signer: bob }),
  "another network": () => sent({ magic: 1 }),
  "a contract that is gone": async () => client.getContractState(beans.contractHash.toBigEndian()),
  "an assertion that fails": async () => (await shop()).invoke("buy", [bought[0], sc.ContractParam.integer(0)], [signer]),
};

await printAnswers({ reads, refusals });
