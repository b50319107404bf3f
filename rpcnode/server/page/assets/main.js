// Loads what makes this page live.
const script = document.getElementById("main").dataset.script;
const modules = {
  live: () => import("./live.js"),
  transaction: () => import("./transaction.js"),
  account: () => import("./account.js"),
  contract: () => import("./contract.js"),
  command: () => import("./command.js"),
  journal: () => import("./journal.js"),
};
if (script in modules) await modules[script]();
