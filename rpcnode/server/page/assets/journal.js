// The calls that the node has seen: dev_journal.
import { attempt, field, json, make, say } from "./dom.js";
import { call, offers } from "./node.js";

const place = document.getElementById("journal");
const SHOWN = 200;
const AGENT = navigator.userAgent;
let entries = [];
let newest = 0;

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function body(entry) {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method: entry.method, params: entry.params ?? [] });
}

function curl(entry) {
  if (entry.verb) return `curl -X ${entry.verb} ${quoted(location.origin + entry.path)}`;
  return `curl ${location.origin}/ -H 'Content-Type: application/json' -d ${quoted(body(entry))}`;
}

async function repeat(entry, place) {
  const answer = entry.verb
    ? await fetch(entry.path, { method: entry.verb })
    : await fetch("/", { method: "POST", headers: { "Content-Type": "application/json" }, body: body(entry) });
  const text = await answer.text();
  let shown = null;
  try {
    shown = json(JSON.parse(text));
  } catch {
    shown = make("pre", { tabindex: "0" }, text);
  }
  place.replaceChildren(make("p", {}, `Again, status ${answer.status}:`), shown);
}

async function copy(entry) {
  const command = curl(entry);
  try {
    await navigator.clipboard.writeText(command);
    say("Copied.");
  } catch {
    say(command);
  }
}

// The journal keeps the beginning of a User-Agent.
function isOfThisBrowser(entry) {
  return Boolean(entry.user_agent) && AGENT.startsWith(entry.user_agent);
}

// A browser's User-Agent names other browsers too, so it is not shown.
function program(entry) {
  const agent = entry.user_agent ?? "";
  if (!agent.startsWith("Mozilla/")) return agent.split(" ")[0];
  return isOfThisBrowser(entry) ? "this browser" : "a browser";
}

function row(entry) {
  const wrong = entry.error ?? (entry.http_status && entry.http_status !== 200 ? { message: `status ${entry.http_status}` } : null);
  const again = make("div");
  const isWhole = !entry.shortened && (entry.verb || entry.method);
  return make(
    "details",
    { class: "card", "data-sequence": entry.sequence },
    make(
      "summary",
      {},
      make("b", {}, entry.method ?? (entry.verb ? `${entry.verb} ${entry.path}` : "no method")),
      make("span", { class: "soft" }, ` #${entry.sequence}, ${new Date(entry.time_ms).toISOString().slice(0, 19).replace("T", " ")}, ${entry.duration_ms} ms`),
      entry.client ? make("span", { class: "soft" }, `, ${program(entry)} ${entry.client}`) : null,
      wrong ? make("span", { class: "loss" }, ` ${wrong.code ?? ""} ${wrong.message ?? ""}`) : null,
      entry.faults ? make("span", { class: "loss" }, ` injected: ${entry.faults.join(", ")}`) : null,
    ),
    entry.user_agent ? make("p", { class: "soft" }, `User-Agent: ${entry.user_agent}`) : null,
    entry.verb ? null : [make("p", {}, "Parameters"), json(entry.params ?? [])],
    entry.error ? [make("p", {}, "Error"), json(entry.error)] : null,
    "result" in entry ? [make("p", {}, "Result"), json(entry.result)] : null,
    "body" in entry ? [make("p", {}, "Answer"), make("pre", { tabindex: "0" }, entry.body)] : null,
    entry.shortened ? make("p", { class: "soft" }, "It was too long to be kept whole.") : null,
    isWhole
      ? make(
          "div",
          { class: "buttons" },
          make("button", { type: "button", class: "small", onclick: () => attempt(() => repeat(entry, again), again) }, "Repeat"),
          make("button", { type: "button", class: "small", onclick: () => copy(entry) }, "Copy as curl"),
          offers.has("dev_setFault")
            ? make("a", { href: `/dev?fails=${encodeURIComponent(entry.method ?? entry.path.split("?")[0])}#faults` }, "Let it fail")
            : null,
        )
      : null,
    again,
  );
}

const filter = make("input", { name: "filter", type: "search", autocomplete: "off", placeholder: "getblock" });
const onlyWrong = make("input", { name: "wrong", type: "checkbox" });
const notMine = make("input", { name: "others", type: "checkbox" });
const list = make("div", { id: "entries" });

function matches(entry) {
  const name = [entry.method, entry.path, entry.client, entry.user_agent].filter(Boolean).join(" ").toLowerCase();
  const isWrong = entry.error || entry.faults || (entry.http_status && entry.http_status !== 200);
  return name.includes(filter.value.trim().toLowerCase()) && (!onlyWrong.checked || isWrong) && !(notMine.checked && isOfThisBrowser(entry));
}

function show() {
  const meant = entries.filter(matches);
  list.replaceChildren(
    ...meant.slice(0, SHOWN).map(row),
    meant.length ? "" : make("p", {}, "No call like that yet."),
    meant.length > SHOWN ? make("p", { class: "soft" }, `${meant.length - SHOWN} older ones are not shown.`) : "",
  );
}

// Newer entries come above those that are there, so that what is open stays open.
async function renew() {
  const found = await call("dev_journal", { since: newest });
  if (!found.length) return;
  newest = found.at(-1).sequence;
  entries = [...found.reverse(), ...entries].slice(0, 2000);
  if (!list.querySelector("details")) show();
  else list.prepend(...found.filter(matches).slice(0, SHOWN).map(row));
}

filter.addEventListener("input", show);
onlyWrong.addEventListener("change", show);
notMine.addEventListener("change", show);
place.replaceChildren(
  make(
    "div",
    { class: "filters" },
    field("Only methods, paths or clients with", filter),
    make("label", {}, onlyWrong, " only what went wrong"),
    make("label", {}, notMine, " without those of this browser"),
  ),
  list,
);
show();
await attempt(renew, list);
const tick = async () => {
  if (!document.hidden) await attempt(renew);
  setTimeout(tick, 1000);
};
setTimeout(tick, 1000);
