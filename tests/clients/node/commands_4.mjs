// neon-js 4 commands a node of Neo 2, and checks the transaction that comes of it: its hash, its signature, its log.

import { load, plan, printAnswers } from "./answers.mjs";

const { rpc, tx, wallet } = load("neon-js-4");

const client = new rpc.RPCClient(plan.url);
const ask = async (method, ...params) => (await client.query({ method, params })).result;

const id = await ask("dev_transfer", { asset: "nep5", from: plan.from, to: plan.to, amount: "12345" });
const parsed = tx.Transaction.deserialize(await client.getRawTransaction(id, 0));
const [witness] = parsed.scripts;
// A push of 64 bytes; a push of 33 bytes, then the check.
const signature = witness.invocationScript.slice(2);
const publicKey = witness.verificationScript.slice(2, 2 + 66);

const reads = {
  id: () => id,
  "hash of the parsed bytes": () => `0x${parsed.hash}`,
  "address of the key in the witness": () => new wallet.Account(publicKey).address,
  "signature is right": () => wallet.verify(parsed.serialize(false), signature, publicKey),
  "application log": () => ask("getapplicationlog", id),
};

await printAnswers({ reads, refusals: {} });
