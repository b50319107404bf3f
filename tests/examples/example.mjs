import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, beforeEach, test } from "node:test";

let node, url;

before(async () => {
  node = spawn("rpcnode", ["--quiet", "--port", "0", "--fixture", "shop.yaml"]);
  for await (const line of createInterface({ input: node.stdout })) {
    url = line.replace("Listening on ", "");
    break;
  }
  await call("dev_snapshot", "start");
});
beforeEach(() => call("dev_revert", "start"));
after(() => node.kill());

async function call(method, ...params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const { result, error } = await (await fetch(url, { method: "POST", body })).json();
  if (error) throw new Error(`${error.code}: ${error.message}`);
  return result;
}

async function coinsOf(name) {
  const { accounts } = await call("dev_info");
  const { address } = accounts.find((account) => account.name === name);
  const { balance } = await call("getnep17balances", address);
  return balance.map(({ amount }) => amount);
}

test("a payment arrives", async () => {
  await call("dev_transfer", { asset: "coin", from: "alice", to: "shop", amount: 5 });
  assert.deepEqual(await coinsOf("shop"), ["5"]);
});

test("each test begins at the snapshot", async () => {
  assert.deepEqual(await coinsOf("shop"), []);
});

test("a payment of too much is refused", async () => {
  const payment = { asset: "coin", from: "alice", to: "shop", amount: 101 };
  await assert.rejects(call("dev_transfer", payment), /alice has 100/);
});
