// What a transaction called, told and wrote, in the order of it: dev_trace.
import { attempt, code, make, section, table } from "./dom.js";
import { amount, call, offers, told, world } from "./node.js";

const place = document.getElementById("trace");
let names = new Map();
let people = new Map();

function contract(hash) {
  if (!hash) return code("the script");
  return make("a", { href: `/contract/${hash}`, title: hash }, names.get(hash) ?? `${hash.slice(0, 10)}…`);
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
}

function shown(base64) {
  if (base64 === null) return make("span", { class: "soft" }, "nothing");
  const data = bytes(base64);
  const hex = [...data].map((each) => each.toString(16).padStart(2, "0")).join("");
  const text = new TextDecoder("utf-8").decode(data);
  const printable = data.length > 0 && /^[\x20-\x7e]+$/.test(text);
  return make("code", { title: `0x${hex}` }, printable ? text : `0x${hex.length > 130 ? `${hex.slice(0, 128)}…` : hex}`);
}

// Twenty bytes that are a known account or contract, by its name.
function account(base64) {
  const data = bytes(base64);
  const hash = `0x${[...data].reverse().map((each) => each.toString(16).padStart(2, "0")).join("")}`;
  const known = data.length === 20 ? people.get(hash) ?? names.get(hash) : undefined;
  return known && make("a", { href: people.has(hash) ? `/address/${hash}` : `/contract/${hash}`, title: hash }, known);
}

function item(value) {
  if (value === null || value === undefined) return "…";
  switch (value.type) {
    case "Any":
      return "null";
    case "Integer":
    case "Boolean":
      return String(value.value);
    case "ByteString":
    case "Buffer":
      return account(value.value) ?? shown(value.value);
    case "Array":
    case "Struct":
      return make("span", {}, "[", value.value.flatMap((each, index) => (index ? [", ", item(each)] : [item(each)])), "]");
    default:
      return value.type;
  }
}

function listed(values) {
  return values.flatMap((each, index) => (index ? [", ", item(each)] : [item(each)]));
}

function step(each) {
  if ("eventname" in each) {
    const state = each.state?.value ?? [];
    return make("li", { class: "event" }, contract(each.contract), " tells ", make("b", {}, each.eventname), "(", listed(state), ")");
  }
  return branch(each);
}

function branch(each) {
  const isEntry = each.method === null;
  return make(
    "li",
    {},
    isEntry ? "The entry script" : [contract(each.contract), ".", make("b", {}, each.method), "(", listed(each.args ?? []), ")"],
    each.result ? [" → ", item(each.result)] : null,
    make("span", { class: "soft" }, ` ${amount(each.gas, 8)} GAS`),
    each.undone ? make("span", { class: "loss" }, " undone") : null,
    each.steps.length ? make("ol", {}, each.steps.map(step)) : null,
  );
}

async function trace() {
  const [done, known] = await Promise.all([call("dev_trace", told.hash), world()]);
  names = new Map(known.contracts.map((each) => [each.script_hash, each.name]));
  people = new Map(known.accounts.map((each) => [each.script_hash, each.name]));
  const notes = [];
  if (!done.complete) notes.push("Only the first 5,000 calls and events are shown.");
  if (!done.exact) notes.push("Its block wrote past all scripts, so running it again does not give what its log says.");
  place.replaceChildren(
    section("Calls", notes.map((note) => make("p", { class: "soft" }, note)), make("ol", { class: "tree", id: "calls" }, branch(done.calls))),
    section(
      "Storage",
      done.vmstate === "HALT" || !done.storage.length ? null : make("p", {}, "It failed, so this was dropped:"),
      done.storage.length
        ? table(
            ["Contract", "Key", "Before", "After"],
            done.storage.map((row) => [contract(row.contract), shown(row.key), shown(row.before), shown(row.after)]),
          )
        : make("p", {}, "It wrote nothing."),
    ),
  );
}

if (place && offers.has("dev_trace") && told.executed) {
  await attempt(trace, place);
} else if (place && told.executed) {
  place.replaceChildren(make("p", { class: "soft" }, "Calls and storage are told by dev methods, which are off on this node."));
}
