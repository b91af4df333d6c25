// Single keys: none while typing or composing, none when switched off. Ctrl+K always works.
import * as palette from "./palette.js";
import * as pop from "./pop.js";
import * as rows from "./rows.js";

const off = () => document.documentElement.classList.contains("keys-off");
const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
let waitsForPlace = 0;

function go(letter) {
  const there = document.querySelector(`[data-go~="${letter}"]`);
  if (there) location.assign(there.href);
}

// A key written on a control, which may have several: of the current row first, then of the page.
function press(key) {
  const name = `[data-key~="${CSS.escape(key)}"]`;
  const one = rows.current()?.querySelector(name) || document.querySelector(`.head ${name}, [data-keyed] ${name}`);
  one?.click();
  return Boolean(one);
}

// The saved filters of a list: its first tab shows everything, the keys 1 to 3 open those behind it.
function filter(key) {
  const tab = document.querySelectorAll("#list .tabs nav a")[key];
  tab?.click();
  return Boolean(tab);
}

const single = {
  j: () => rows.step(1),
  k: () => rows.step(-1),
  x: () => rows.tick(),
  "/": () => palette.open(),
  "?": () => document.getElementById("keys")?.showModal(),
  g: () => { waitsForPlace = Date.now(); },
};

function pressed(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const key = event.key.toLowerCase();
  if (key === "k" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); palette.open(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (key === "escape") { if (!pop.close()) rows.close(); return; }
  if (off() || typing(event.target)) return;
  if (key === " " && event.target.closest("a, button, input, summary")) return; // there it presses what has the focus
  if (key === "enter") { if (event.target.matches?.("[data-row]") && rows.enter()) event.preventDefault(); return; }
  const wasWaiting = Date.now() - waitsForPlace < 1200;
  waitsForPlace = 0;
  if (wasWaiting) { go(key); return; }
  if (single[key]) { event.preventDefault(); single[key](); return; }
  if (("123".includes(key) && filter(key)) || press(key === " " ? "space" : key)) event.preventDefault();
}

// Enter that ends a pinyin composition never submits a form.
function composing(event) {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229) && event.target.form) event.preventDefault();
}

export function start() {
  document.addEventListener("keydown", composing, true);
  document.addEventListener("keydown", pressed);
}
