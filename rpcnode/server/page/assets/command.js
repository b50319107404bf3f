// The commands of dev_*, as a person gives them.
import { attempt, choice, field, make, say, table } from "./dom.js";
import { call, follow, offers, told } from "./node.js";

const place = document.getElementById("panels");
let info = null;

function card(title, ...content) {
  return make("section", { class: "card" }, make("h2", {}, title), ...content);
}

// A form whose fields go to `act`, by name; what it answers is said.
function form(title, fields, button, act) {
  return card(
    title,
    make(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          const given = Object.fromEntries(new FormData(event.target));
          await attempt(async () => {
            const words = await act(given);
            event.target.reset();
            await renew();
            say(words);
          });
        },
      },
      fields,
      make("div", { class: "buttons" }, make("button", { type: "submit" }, button)),
    ),
  );
}

function button(text, act) {
  return make(
    "button",
    {
      type: "button",
      class: "small",
      onclick: () =>
        attempt(async () => {
          const words = await act();
          await renew();
          say(words);
        }),
    },
    text,
  );
}

const text = (name, attributes = {}) => make("input", { name, autocomplete: "off", spellcheck: "false", ...attributes });
const accounts = () => info.accounts.map((each) => [each.name, each.name]);
const whole = (written) => Number.parseInt(written, 10);

function status() {
  const facts = [
    ["Height", info.height],
    ["Blocks come", info.block_time === "instant" ? "with transactions" : info.block_time === "manual" ? "when mined" : `every ${info.block_time} s`],
    ["Clock", new Date(info.clock_ms).toISOString().slice(0, 19).replace("T", " ")],
    ["Waiting", `${info.waiting.length} transactions`],
  ];
  return make("dl", { id: "status" }, facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, String(value)))));
}

function fund() {
  const tokens = info.contracts.map((each) => [each.name, each.name]);
  const asset = text("asset", { list: "tokens", required: true, value: tokens.some(([name]) => name === "GAS") ? "GAS" : "" });
  return form(
    "Fund",
    [
      make("datalist", { id: "tokens" }, tokens.map(([value]) => make("option", { value }))),
      make("datalist", { id: "known" }, accounts().map(([value]) => make("option", { value }))),
      field("To", text("to", { list: "known", required: true, value: accounts()[0]?.[0] ?? "" }), "name, address or hash"),
      field("Token", asset),
      field("Amount", text("amount", { inputmode: "numeric", required: true, pattern: "[0-9]+", value: "100000000" }), "in the smallest unit"),
      field("From", text("from", { list: "known" }), "empty: it is minted"),
    ],
    "Send",
    async (given) => {
      const hash = await call("dev_transfer", { asset: given.asset, from: given.from || null, to: given.to, amount: given.amount });
      return `Sent by transaction ${hash}`;
    },
  );
}

function mine() {
  return form(
    "Mine",
    [field("Blocks", text("blocks", { type: "number", min: "1", max: "100000", value: "1", required: true }))],
    "Mine",
    async (given) => `The chain is at block ${await call("dev_mine", whole(given.blocks))}`,
  );
}

function mining() {
  return form(
    "Blocks come",
    [
      field("When", choice("mode", [["instant", "with each transaction"], ["manual", "when mined"], ["seconds", "each so many seconds"]])),
      field("Seconds", text("seconds", { type: "number", min: "1", value: "15" })),
    ],
    "Set",
    async (given) => {
      const mode = given.mode === "seconds" ? Number(given.seconds) : given.mode;
      await call("dev_setBlockTime", mode);
      return "Set";
    },
  );
}

function clock() {
  return form(
    "Clock",
    [
      field("Put it on by", text("count", { type: "number", min: "1", value: "1", required: true })),
      field("Unit", choice("unit", [["60000", "minutes"], ["3600000", "hours"], ["86400000", "days"], ["1000", "seconds"]])),
    ],
    "Move",
    async (given) => {
      const now = await call("dev_increaseTime", whole(given.count) * whole(given.unit));
      return `It is ${new Date(now).toISOString()}`;
    },
  );
}

function snapshots() {
  const rows = info.snapshots.map((name) => [
    name,
    button("Go back", async () => (await call("dev_revert", name), `The chain is as it was at ${name}`)),
  ]);
  const panel = form(
    "Snapshots",
    [field("Name", text("name"), "empty: the node gives one")],
    "Take a snapshot",
    async (given) => `Kept as ${await call("dev_snapshot", ...(given.name ? [given.name] : []))}`,
  );
  panel.append(rows.length ? table(["Snapshot", ""], rows) : make("p", { class: "soft" }, "None yet."));
  if (offers.has("dev_reset")) {
    panel.append(make("div", { class: "buttons" }, button("Back to the start", async () => `The chain is at block ${await call("dev_reset")}`)));
  }
  return panel;
}

// What the journal says should fail.
const MEANT = new URLSearchParams(location.search).get("fails");
const EFFECTS = {
  error: (given) => ({ error: { code: whole(given.code), message: given.message || "Something is wrong" } }),
  http_status: (given) => ({ http_status: whole(given.code) }),
  latency_ms: (given) => ({ latency_ms: whole(given.code) }),
  drop: () => ({ drop: true }),
  truncate: () => ({ truncate: true }),
};

function faults() {
  const rows = info.faults.map((each) => {
    const { id, seen, struck, ...rest } = each;
    return [
      id,
      make("code", {}, JSON.stringify(rest)),
      `${struck} of ${seen}`,
      button("Clear", async () => (await call("dev_clearFaults", id), `${id} is cleared`)),
    ];
  });
  const panel = form(
    "Faults",
    [
      field("Method or path", text("method", { required: true, value: MEANT ?? "getblock*" }), "* is any text"),
      field("What goes wrong", choice("effect", [["error", "an error"], ["http_status", "a status of HTTP"], ["latency_ms", "it takes so many ms"], ["drop", "the connection drops"], ["truncate", "half an answer"]])),
      field("Code, status or ms", text("code", { type: "number", value: "-100" })),
      field("Message", text("message")),
      field("How often", text("times", { type: "number", min: "1" }), "empty: each time"),
    ],
    "Set",
    async (given) => {
      const times = given.times ? { times: whole(given.times) } : {};
      const meant = given.method.startsWith("/") ? { path: given.method } : { method: given.method };
      const id = await call("dev_setFault", { ...meant, ...EFFECTS[given.effect](given), ...times });
      return `Set as ${id}`;
    },
  );
  if (rows.length) panel.append(table(["Fault", "What", "Struck", ""], rows));
  panel.classList.add("wide");
  panel.id = "faults";
  return panel;
}

function impersonation() {
  const rows = info.impersonated.accounts.map(({ address }) => [
    make("code", {}, address),
    button("Stop", async () => (await call("dev_stopImpersonating", address), `${address} signs again`)),
  ]);
  const panel = form(
    "Impersonate",
    [field("Account", text("account", { list: "known", required: true }), "its transactions need no witness")],
    "Impersonate",
    async (given) => {
      await call("dev_impersonate", given.account);
      return `${given.account} needs no witness now`;
    },
  );
  if (rows.length) panel.append(table(["Account", ""], rows));
  return panel;
}

function people() {
  const panel = card(
    "Accounts",
    make(
      "p",
      { class: "soft" },
      info.accounts.length
        ? "Everybody knows these keys: never send anything of worth to them."
        : "None has a name on this chain; addresses will do everywhere.",
    ),
    info.accounts.length === 0 ? null : table(
      ["Name", "Address", "Key"],
      info.accounts.slice(0, 100).map((each) => [
        make("a", { href: `/address/${each.address}` }, each.name),
        make("code", {}, each.address),
        make("details", {}, make("summary", {}, "Show"), make("code", {}, each.wif)),
      ]),
    ),
  );
  panel.classList.add("wide");
  return panel;
}

const PANELS = [
  ["dev_transfer", fund],
  ["dev_mine", mine],
  ["dev_increaseTime", clock],
  ["dev_setBlockTime", mining],
  ["dev_snapshot", snapshots],
  ["dev_impersonate", impersonation],
  ["dev_setFault", faults],
  ["dev_info", people],
];
const parts = new Map();

function isEdited(panel) {
  return [...panel.querySelectorAll("input, select")].some((each) =>
    each.matches("select") ? each.selectedIndex > 0 : each.value !== each.defaultValue,
  );
}

function begin() {
  for (const [method, build] of PANELS) {
    if (!offers.has(method) || (method === "dev_impersonate" && !told.executed)) continue;
    const panel = build();
    parts.set(build, { panel, made: panel.cloneNode(true) });
  }
  place.replaceChildren(status(), make("div", { class: "cards" }, [...parts.values()].map(({ panel }) => panel)));
  if (MEANT) document.querySelector("#faults input")?.focus();
}

// A panel is made anew where it has something else to say; what was typed and not sent stays, and so does where one is.
async function renew() {
  info = await call("dev_info");
  if (!parts.size) {
    begin();
    return;
  }
  document.getElementById("status").replaceWith(status());
  for (const [build, part] of parts) {
    const fresh = build();
    if (fresh.isEqualNode(part.made)) continue;
    part.made = fresh.cloneNode(true);
    const form = part.panel.querySelector("form");
    if (form && (form.contains(document.activeElement) || isEdited(part.panel))) {
      fresh.querySelector("form").remove();
      while (form.nextSibling) form.nextSibling.remove();
      part.panel.append(...[...fresh.children].slice(1));
    } else {
      part.panel.replaceChildren(...fresh.children);
    }
  }
}

await attempt(renew, place);
follow(() => attempt(renew));
