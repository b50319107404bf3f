// What an account sent and received, as the trackers tell it, and its tokens that are not fungible.
import { attempt, code, make, section, table } from "./dom.js";
import { amount, call, offers, told, world } from "./node.js";

const place = document.getElementById("history");
const ON_A_PAGE = 50;
let names = new Map();
const tokens = new Map(Object.entries(JSON.parse(told.tokens)));

// The oldest nodes leave the 0x out.
function whole(hash) {
  return hash.startsWith("0x") ? hash : `0x${hash}`;
}

function token(hash) {
  return make("a", { href: `/contract/${hash}`, title: hash }, tokens.get(hash)?.[0] ?? `${hash.slice(0, 10)}…`);
}

function who(address) {
  if (!address) return "nobody";
  const shown = names.get(address) ?? `${address.slice(0, 6)}…${address.slice(-4)}`;
  return make("a", { href: `/address/${address}`, title: address }, shown);
}

// A movement as either tracker has it; two of them may tell of the same.
function movement(each, sign) {
  return {
    sign,
    block: each.blockindex ?? each.block_index,
    event: each.transfernotifyindex ?? each.transfer_notify_index,
    transaction: whole(each.txhash ?? each.tx_hash),
    asset: whole(each.assethash ?? each.asset_hash),
    other: each.transferaddress ?? each.transfer_address,
    amount: each.amount,
  };
}

async function movements() {
  const found = new Map();
  for (const method of ["getnep17transfers", "getnep5transfers"].filter((each) => offers.has(each))) {
    // From the first moment on: 0 stands for the last seven days.
    const { sent, received } = await call(method, told.address, 1);
    for (const each of [...sent.map((one) => movement(one, "-")), ...received.map((one) => movement(one, "+"))]) {
      found.set([each.sign, each.transaction, each.asset, each.event].join(" "), each);
    }
  }
  return [...found.values()].sort((one, other) => other.block - one.block || other.event - one.event);
}

function row(each) {
  const decimals = tokens.get(each.asset)?.[1] ?? 0;
  return [
    make("a", { href: `/block/${each.block}` }, each.block),
    make("a", { href: `/tx/${each.transaction}`, class: "hash", title: each.transaction }, `${each.transaction.slice(0, 10)}…`),
    /^0*$/.test(each.amount)
      ? make("span", { class: "amount" }, "0")
      : make("span", { class: each.sign === "+" ? "amount gain" : "amount loss" }, each.sign + amount(each.amount, decimals)),
    token(each.asset),
    who(each.other),
  ];
}

async function history() {
  if (offers.has("dev_info")) names = new Map((await world()).accounts.map((each) => [each.address, each.name]));
  const rows = await movements();
  const list = make("div");
  let from = 0;
  const show = (first) => {
    from = first;
    list.replaceChildren(
      table(["Block", "Transaction", "Change", "Token", "With"], rows.slice(from, from + ON_A_PAGE).map(row)),
      make(
        "div",
        { class: "buttons" },
        from ? make("button", { type: "button", onclick: () => show(from - ON_A_PAGE) }, "Newer") : null,
        from + ON_A_PAGE < rows.length
          ? make("button", { type: "button", onclick: () => show(from + ON_A_PAGE) }, "Older")
          : null,
      ),
    );
  };
  show(0);
  place.append(section("History", rows.length ? list : make("p", {}, "It has sent and received no token.")));
}

async function nep11() {
  const { balance } = await call("getnep11balances", told.address);
  const rows = balance.flatMap((asset) =>
    asset.tokens.map((each) => [
      make("a", { href: `/contract/${asset.assethash}` }, asset.symbol),
      code(`0x${each.tokenid}`),
      amount(each.amount, Number(asset.decimals)),
    ]),
  );
  if (rows.length) place.append(section("Tokens by their ids", table(["Token", "Id", "Amount"], rows.slice(0, 200))));
}

const failed = make("div");
place.append(failed);
if (offers.has("getnep11balances")) await attempt(nep11, failed);
if (offers.has("getnep17transfers") || offers.has("getnep5transfers")) await attempt(history, failed);
