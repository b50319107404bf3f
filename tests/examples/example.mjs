import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, beforeEach, test } from "node:test";

let node, url;

before(async () => {
  url = await start("--fixture", "shop.yaml");
  await call("dev_snapshot", "start");
});
beforeEach(() => call("dev_revert", "start"));
after(() => node?.kill());

function start(...options) {
  return new Promise((resolve, reject) => {
    const missing = "rpcnode is not on PATH: install it, or activate the environment that has it";
    let told = "";
    node = spawn("rpcnode", ["--quiet", "--port", "0", ...options]);
    node.on("error", (error) => reject(new Error(error.code === "ENOENT" ? missing : error.message)));
    node.on("close", (code) => reject(new Error(`rpcnode did not start (exit code ${code}): ${told.trim()}`)));
    node.stderr.on("data", (text) => (told += text));
    createInterface({ input: node.stdout }).once("line", (line) => resolve(line.replace("Listening on ", "")));
  });
}

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
