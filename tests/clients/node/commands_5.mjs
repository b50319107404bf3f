// neon-js 5 commands a node of Neo N3, and checks the transaction that comes of it: its hash, its signature, its log.

import { load, plan, printAnswers } from "./answers.mjs";

const { rpc, tx, u, wallet } = load("@cityofzion/neon-js");

const client = new rpc.RPCClient(plan.url);
const ask = (method, ...params) => client.execute(new rpc.Query({ method, params }));

const id = await ask("dev_transfer", { asset: "GAS", from: plan.from, to: plan.to, amount: "12345" });
const raw = await client.getRawTransaction(id);
const parsed = tx.Transaction.deserialize(u.HexString.fromBase64(raw).toBigEndian());
// The validators pay the fees and sign first; the last who signs is the one who sends.
const witness = parsed.witnesses.at(-1);
// PUSHDATA1 of 64 bytes; PUSHDATA1 of 33 bytes, then the call that checks.
const signature = witness.invocationScript.toBigEndian().slice(4);
const publicKey = witness.verificationScript.toBigEndian().slice(4, 4 + 66);
const block = await client.getBlock((await client.getTransactionHeight(id)), true);

const reads = {
  id: () => id,
  "hash of the parsed bytes": () => `0x${parsed.hash()}`,
  "address of the key in the witness": () => new wallet.Account(publicKey).address,
  "signature is right": () => wallet.verify(parsed.getMessageForSigning(plan.magic), signature, publicKey),
  "transactions of the block": () => block.tx.map((transaction) => transaction.hash),
  "merkle root of the block": () => block.merkleroot,
  "application log": () => client.getApplicationLog(id),
  "GAS that was received": async () =>
    (await client.getNep17Transfers(plan.to, "0")).received.filter((entry) => entry.txhash === id),
};

await printAnswers({ reads, refusals: {} });
