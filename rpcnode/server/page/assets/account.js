// What an account sent and received: getnep17transfers.
import { attempt, make, section, table } from "./dom.js";
import { amount, call, offers, told } from "./node.js";

const place = document.getElementById("history");
const ON_A_PAGE = 50;

function who(address) {
  return address ? make("a", { href: `/address/${address}` }, `${address.slice(0, 6)}…${address.slice(-4)}`) : "nobody";
}

function shortHash(hash) {
  return make("a", { href: `/tx/${hash}`, class: "hash", title: hash }, `${hash.slice(0, 10)}…`);
}

async function history() {
  const found = await call("getnep17transfers", told.address, 0);
  const rows = [
    ...found.sent.map((each) => ({ ...each, sign: "-" })),
    ...found.received.map((each) => ({ ...each, sign: "+" })),
  ].sort((one, other) => other.blockindex - one.blockindex || other.timestamp - one.timestamp);
  const list = make("div");
  const tokens = new Map();
  if (offers.has("getnep17balances")) {
    const held = await call("getnep17balances", told.address);
    for (const each of held.balance) tokens.set(each.assethash, each);
  }
  const changed = (each) => each.sign + amount(each.amount, Number(tokens.get(each.assethash)?.decimals ?? 0));
  let from = 0;
  const show = () => {
    const onward = from + ON_A_PAGE < rows.length;
    list.replaceChildren(
      table(
        ["Block", "Transaction", "Change", "Token", "With"],
        rows.slice(from, from + ON_A_PAGE).map((each) => [
          make("a", { href: `/block/${each.blockindex}` }, each.blockindex),
          shortHash(each.txhash),
          make("span", { class: each.sign === "+" ? "amount gain" : "amount loss" }, changed(each)),
          make("a", { href: `/contract/${each.assethash}`, title: each.assethash }, tokens.get(each.assethash)?.symbol ?? `${each.assethash.slice(0, 10)}…`),
          who(each.transferaddress),
        ]),
      ),
      make(
        "div",
        { class: "buttons" },
        from ? make("button", { type: "button", onclick: () => ((from -= ON_A_PAGE), show()) }, "Newer") : null,
        onward ? make("button", { type: "button", onclick: () => ((from += ON_A_PAGE), show()) }, "Older") : null,
      ),
    );
  };
  show();
  place.replaceChildren(section("History", rows.length ? list : make("p", {}, "It has sent and received no NEP-17 token.")));
}

if (offers.has("getnep17transfers")) await attempt(history, place);
