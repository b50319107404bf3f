// Shows new blocks and transactions as they come: the node writes the list, this puts it in place.
import { follow } from "./node.js";

let waiting = false;
let stale = false;

async function renew() {
  if (waiting) {
    stale = true;
    return;
  }
  waiting = true;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    const main = document.getElementById("main");
    const known = new Set([...main.querySelectorAll("ul.list li > a")].map((each) => each.getAttribute("href")));
    for (const entry of fresh.querySelectorAll("ul.list li")) {
      if (!known.has(entry.querySelector("a").getAttribute("href"))) entry.classList.add("new");
    }
    const focused = document.activeElement?.closest?.("main a")?.getAttribute("href");
    main.replaceChildren(...fresh.children);
    if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  } finally {
    // Blocks may come by the thousand: not more than a few pages a second.
    setTimeout(() => {
      waiting = false;
      if (stale) {
        stale = false;
        renew();
      }
    }, 250);
  }
}

follow(renew);
