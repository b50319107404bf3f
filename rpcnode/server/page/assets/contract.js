// Forms that read a contract and send to it, and its storage.
import { attempt, choice, code, field, json, make, section, say, table } from "./dom.js";
import { call, offers, told, world } from "./node.js";

const NUMBERS = new Set(["Integer"]);
const LISTS = new Set(["Array", "Map"]);

// What is written in a field, as the parameter that a call takes; `names` gives hashes of accounts and contracts.
function parameter(type, written, names) {
  const text = written.trim();
  if (text === "") return type === "String" || type === "ByteArray" ? { type, value: "" } : { type: "Any", value: null };
  if (type === "Hash160") return { type, value: names.get(text) ?? text };
  if (NUMBERS.has(type)) return { type, value: text };
  if (type === "Boolean") return { type, value: text === "true" };
  if (LISTS.has(type)) return { type, value: JSON.parse(text) };
  if (type === "Any") {
    if (text.startsWith("{")) return JSON.parse(text);
    if (/^-?\d+$/.test(text)) return { type: "Integer", value: text };
    return { type: "String", value: text };
  }
  return { type, value: text };
}

async function known() {
  const names = new Map();
  if (offers.has("dev_info")) {
    const info = await world();
    for (const each of info.contracts) names.set(each.name, each.script_hash);
    for (const each of info.accounts) names.set(each.name, each.script_hash);
  }
  return names;
}

// A stack item as text; the JSON below it has all of it.
function plain({ type, value }) {
  if (value === null || value === undefined) return type === "Any" ? "null" : type;
  if (type === "Array" || type === "Struct") return `[${value.map(plain).join(", ")}]`;
  if (type === "Map") return `{${value.map((each) => `${plain(each.key)}: ${plain(each.value)}`).join(", ")}}`;
  if (type !== "ByteString" && type !== "Buffer" && type !== "ByteArray") return String(value);
  const data = told.bytes === "hex" ? (value.match(/../g) ?? []).map((each) => parseInt(each, 16)) : [...atob(value)].map((each) => each.charCodeAt(0));
  const text = new TextDecoder().decode(Uint8Array.from(data));
  return /^[\x20-\x7e]*$/.test(text) ? JSON.stringify(text) : `0x${data.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

function result(ran) {
  const failed = ran.state !== "HALT";
  return make(
    "div",
    {},
    failed ? make("p", { class: "fault" }, ran.exception ?? "It failed.") : null,
    failed ? null : make("p", {}, ran.stack.map((each) => plain(each)).join(", ") || "It answers nothing."),
    json(ran.stack),
    make("p", { class: "soft" }, `${ran.gasconsumed ?? ran.gas_consumed} datoshi`),
  );
}

async function perform(form, act) {
  const names = await known();
  const method = form.dataset.method;
  const parameters = [...form.querySelectorAll("input[data-type]")].map((input) =>
    parameter(input.dataset.type, input.value, names),
  );
  const output = form.querySelector("output");
  if (act === "read") {
    output.replaceChildren(result(await call("invokefunction", told.hash, method, parameters)));
    return;
  }
  const signer = document.querySelector("#signer select, #signer input").value;
  const hash = await call("dev_invoke", { contract: told.hash, method, args: parameters, signers: signer ? [signer] : [] });
  output.replaceChildren(make("p", {}, "Sent: ", make("a", { href: `/tx/${hash}`, class: "hash" }, hash)));
  say("Sent.");
}

async function forms() {
  const reads = offers.has("invokefunction");
  const sends = offers.has("dev_invoke") && told.executed;
  for (const button of document.querySelectorAll("form.method button")) {
    const act = button.dataset.act;
    button.hidden = !(act === "read" ? reads : sends);
    if (!button.hidden) button.addEventListener("click", () => (button.form.dataset.act = act));
  }
  for (const form of document.querySelectorAll("form.method")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const act = event.submitter?.dataset.act ?? form.dataset.act ?? "read";
      attempt(() => perform(form, act), form.querySelector("output"));
    });
  }
  if (offers.has("dev_info")) {
    const options = [...(await known()).keys()].map((value) => make("option", { value }));
    document.getElementById("main").append(make("datalist", { id: "names" }, options));
    for (const input of document.querySelectorAll("input[data-type=Hash160]")) input.setAttribute("list", "names");
  }
  const place = document.getElementById("signer");
  if (place && sends) {
    const info = await world();
    const options = info.accounts.map((each) => [each.name, each.name]);
    place.replaceChildren(field("Send as", choice("signer", [...options, ["", "the validators"]])));
  } else if (place && told.executed) {
    place.replaceChildren(make("p", { class: "soft" }, "Sending needs dev methods, which are off on this node."));
  }
}

function readable(base64) {
  const data = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const text = new TextDecoder().decode(data);
  const hex = `0x${[...data].map((each) => each.toString(16).padStart(2, "0")).join("")}`;
  return make("code", { title: hex }, data.length && /^[\x20-\x7e]+$/.test(text) ? text : hex.slice(0, 200));
}

function storage() {
  const place = document.getElementById("storage");
  const rows = make("div", { "aria-live": "polite" });
  const prefix = make("input", { name: "prefix", placeholder: "0x14…", autocomplete: "off", spellcheck: "false" });
  const show = async (start) => {
    const text = prefix.value.trim();
    const digits = text.replace(/^0x/, "");
    const isHex = text.startsWith("0x") && /^([0-9a-fA-F]{2})*$/.test(digits);
    const data = isHex ? digits.match(/../g)?.map((each) => parseInt(each, 16)) ?? [] : [...new TextEncoder().encode(text)];
    const found = await call("findstorage", told.hash, btoa(String.fromCharCode(...data)), start);
    rows.replaceChildren(
      found.results.length
        ? table(["Key", "Value"], found.results.map((each) => [readable(each.key), readable(each.value)]))
        : make("p", {}, "No rows."),
      make(
        "div",
        { class: "buttons" },
        start ? make("button", { type: "button", onclick: () => attempt(() => show(0)) }, "From the start") : null,
        found.truncated
          ? make("button", { type: "button", onclick: () => attempt(() => show(found.next)) }, "Next rows")
          : null,
      ),
    );
  };
  const form = make(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        attempt(() => show(0), rows);
      },
    },
    field("Keys that begin with", prefix, "text, or hexadecimal digits after 0x; empty for all"),
    make("div", { class: "buttons" }, make("button", { type: "submit" }, "Show storage")),
  );
  place.replaceChildren(section("Storage", form, rows));
}

if (offers.has("findstorage") && document.getElementById("storage")) storage();
await attempt(forms);
