// Calls of the node that served this page, and what it tells of by itself.

const main = document.getElementById("main");

export const told = main.dataset;
export const offers = new Set(told.offers.split(" "));

let last = 0;

export async function call(method, ...params) {
  const answer = await fetch("/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: (last += 1), method, params }),
  });
  if (!answer.ok) throw new Error(`${method}: the node answers ${answer.status}`);
  const text = await answer.text();
  if (!text) throw new Error(`${method}: the node gives no answer`);
  const { result, error } = JSON.parse(text);
  if (error) throw new Error(error.data ? `${error.message}: ${JSON.stringify(error.data)}` : error.message);
  return result;
}

// Calls back after blocks, and once more after a connection is made again; a second later where there is none.
export function follow(changed) {
  if (!told.websocket) return;
  let pause = 500;
  let first = true;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${told.websocket}`);
    socket.addEventListener("open", () => {
      pause = 500;
      ["block_added", "transaction_added"].forEach((name, id) =>
        socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "subscribe", params: [name] })),
      );
      main.dataset.live = "yes";
      if (!first) changed();
      first = false;
    });
    socket.addEventListener("message", (message) => {
      if ("method" in JSON.parse(message.data)) changed();
    });
    socket.addEventListener("close", () => {
      main.dataset.live = "no";
      setTimeout(open, pause);
      pause = Math.min(pause * 2, 30000);
    });
  };
  open();
}

// The node's accounts and contracts by name, asked for once a page.
let info = null;
export function world() {
  info ??= call("dev_info");
  return info;
}

export function amount(text, decimals) {
  const digits = text.padStart(decimals + 1, "0");
  if (!decimals) return text;
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return digits.slice(0, -decimals) + (fraction ? `.${fraction}` : "");
}
