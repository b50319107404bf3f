// neon-js 5 opens a wallet that a node wrote, and makes one for a node to open.

import { load, plan, printAnswers } from "./answers.mjs";

const { wallet } = load("@cityofzion/neon-js");

const opened = async (password) => {
  const read = new wallet.Wallet(JSON.parse(plan.wallet));
  return (await read.decryptAll(password)).every((isOpen) => isOpen) ? read : null;
};

const made = async (scrypt) => {
  const own = new wallet.Wallet({ name: "of neon-js", scrypt });
  for (const wif of plan.wifs) {
    own.addAccount(new wallet.Account(wif));
  }
  await own.encryptAll(plan.password);
  return own.export();
};

const reads = {
  "keys of the node's wallet": async () =>
    (await opened(plan.password)).accounts.map((account) => [account.label, account.address, account.WIF]),
  "default account": async () => (await opened(plan.password)).defaultAccount.label,
  "wallet of its own": () => made({ n: 2, r: 1, p: 1 }),
  "wallet of its own, with the usual scrypt": () => made(undefined),
};

await printAnswers({ reads, refusals: { "wrong password": () => opened("wrong") } });
