// The current row of a list, and the drawer that shows it. Without this file a row's name is a plain link to its page.
import { say, word } from "./say.js";

const wide = matchMedia("(min-width: 1100px)");
const rows = () => [...document.querySelectorAll("[data-row]")];
const drawer = () => document.getElementById("drawer");
const link = (row) => row?.querySelector("a[data-open]");

export function current() {
  return document.querySelector("[data-row][aria-current]");
}

function mark(row) {
  for (const other of rows()) if (other !== row) { other.removeAttribute("aria-current"); other.tabIndex = -1; }
  row.setAttribute("aria-current", "true");
  row.tabIndex = 0;
}

export function step(by) {
  const all = rows();
  const next = all[all.indexOf(current()) + by] || (current() ? null : all[0]);
  if (!next) return;
  mark(next);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (drawer()?.childElementCount) open(next);
}

export function tick() {
  const box = current()?.querySelector("[data-tick]");
  if (box) { box.checked = !box.checked; shade(box); }
}

// Enter: open the drawer; when it already shows this row, open its page.
export function enter() {
  const row = current();
  const there = link(row) || row?.querySelector("a");
  if (!there) return false;
  if (!drawer() || !wide.matches || drawer().dataset.shows === there.href) location.assign(there.href);
  else open(row);
  return true;
}

async function open(row) {
  const url = link(row)?.href;
  if (!url) return;
  mark(row);
  drawer().dataset.shows = url;
  remember(row.dataset.row);
  await window.htmx.ajax("GET", `${url}${url.includes("?") ? "&" : "?"}drawer=1`, { target: "#drawer", swap: "innerHTML" });
  const place = drawer().querySelector("[data-place]");
  if (place) place.textContent = word("place", { t: rows().length, n: rows().indexOf(row) + 1 });
}

// An answer that is neither a drawer nor a list (a page without a drawer, the sign-in) is gone to instead.
function beforeSwap(event) {
  const { target, xhr } = event.detail;
  const isDrawer = target === drawer();
  const fits = isDrawer ? !/^\s*<!doctype/i.test(xhr.responseText) : xhr.responseText.includes('id="list"');
  if (fits || (!isDrawer && target?.id !== "list")) return;
  event.detail.shouldSwap = false;
  if (isDrawer) remember("");
  location.assign(isDrawer ? drawer().dataset.shows : xhr.responseURL);
}

function remember(key) {
  const url = new URL(location.href);
  if (key) url.searchParams.set("open", key); else url.searchParams.delete("open");
  history.replaceState(history.state, "", url);
}

export function close() {
  if (!drawer()?.childElementCount) return false;
  drawer().replaceChildren();
  delete drawer().dataset.shows;
  remember("");
  current()?.focus();
  return true;
}

function shade(box) {
  box.closest("tr").classList.toggle("on", box.checked);
  const told = document.querySelector("[data-ticked]");
  if (told) told.textContent = word("ticked", { s: document.querySelectorAll("[data-tick]:checked").length });
}

// Shift and a click: all boxes from the last one to this one.
let last;
function range(event) {
  const boxes = [...document.querySelectorAll("[data-tick]")];
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(event.target)].sort((one, other) => one - other);
  if (event.shiftKey && from >= 0) for (const box of boxes.slice(from, to + 1)) { box.checked = event.target.checked; shade(box); }
  last = event.target;
}

function clicked(event) {
  if (event.target.matches("[data-tick]")) range(event);
  const by = event.target.closest("[data-row-step]")?.dataset.rowStep;
  if (by) step(Number(by));
  if (event.target.closest("[data-drawer-close]")) close();
  const opener = event.target.closest("a[data-open]");
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!opener || !plain || !wide.matches || !drawer()) return;
  event.preventDefault();
  open(opener.closest("[data-row]"));
}

function changed(event) {
  if (event.target.matches("[data-tick]")) shade(event.target);
  if (!event.target.matches("[data-tick-all]")) return;
  for (const box of document.querySelectorAll("[data-tick]")) { box.checked = event.target.checked; shade(box); }
}

export function start() {
  document.addEventListener("click", clicked);
  document.addEventListener("change", changed);
  document.addEventListener("focusin", (event) => { const row = event.target.closest("[data-row]"); if (row) mark(row); });
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  for (const failure of ["htmx:responseError", "htmx:sendError"]) document.addEventListener(failure, () => { close(); say(word("failed")); });
  const key = new URLSearchParams(location.search).get("open");
  const row = key && rows().find((one) => one.dataset.row === key);
  if (row && wide.matches && drawer()) open(row);
}
