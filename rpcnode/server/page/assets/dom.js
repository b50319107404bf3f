// Elements made of text and other elements; no text is ever read as HTML.

export function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...content.flat(Infinity).filter((piece) => piece !== null && piece !== undefined));
  return element;
}

export function section(title, ...content) {
  return make("section", {}, make("h2", {}, title), ...content);
}

export function table(head, rows) {
  return make(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": head.join(", ") },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, head.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows.map((cells) => make("tr", {}, cells.map((cell) => make("td", {}, cell))))),
    ),
  );
}

export function field(label, input, note = "") {
  return make("label", {}, make("span", {}, label, note ? make("small", {}, ` ${note}`) : null), input);
}

export function choice(name, options, attributes = {}) {
  return make("select", { name, ...attributes }, options.map(([value, text]) => make("option", { value }, text)));
}

export function code(text) {
  return make("code", {}, text);
}

export function json(value) {
  return make("pre", { tabindex: "0" }, JSON.stringify(value, null, 2));
}

// Tells, in the corner, what was done; a screen reader says it.
let silence = 0;
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (place.textContent = ""), 6000);
}

// Runs what a button starts, and says what went wrong.
export async function attempt(doing, place = null) {
  try {
    return await doing();
  } catch (error) {
    if (place) place.replaceChildren(make("p", { class: "fault" }, error.message));
    else say(error.message);
    return undefined;
  }
}
