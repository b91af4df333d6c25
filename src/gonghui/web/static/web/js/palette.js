// The search palette: asks while typing (never during composition), arrows choose, Enter opens, Ctrl+Enter in a new tab.
import { word } from "./say.js";

const WAIT = 160;
let palette, input, hits, timer, asked;

const options = () => [...hits.querySelectorAll("[role=option]")];
const chosen = () => hits.querySelector("[aria-selected=true]");

export function open() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.select();
}

function choose(next) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!next) return;
  next.setAttribute("aria-selected", "true");
  next.id = "chosen";
  input.setAttribute("aria-activedescendant", "chosen");
  next.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = options();
  chosen()?.removeAttribute("id");
  const next = all[(all.indexOf(chosen()) + by + all.length) % all.length];
  choose(next);
}

async function ask() {
  const text = input.value.trim();
  asked = text;
  if (!text) return hits.replaceChildren();
  const url = `${input.form.action}?${new URLSearchParams({ q: text })}`;
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "hits" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked !== text) return; // a later question is under way
    hits.replaceChildren(...page.body.childNodes);
    choose(options()[0]);
  } catch {
    hits.textContent = word("failed");
  }
}

function typed(event) {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(ask, WAIT);
}

function pressed(event) {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
  if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
  if (event.key !== "Enter" || !chosen()) return;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) window.open(chosen().href, "_blank", "noopener");
  else location.assign(chosen().href);
}

export function start() {
  palette = document.getElementById("palette");
  if (!palette) return;
  input = palette.querySelector("input");
  hits = palette.querySelector(".hits");
  input.addEventListener("input", typed);
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("keydown", pressed);
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-search]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
}
