// Theme, row height and single keys: switched here, remembered in this browser only.
const root = document.documentElement;
const DENSITIES = ["", "compact", "loose"];

function remember(name, value) {
  try { localStorage.setItem(`gonghui.${name}`, value); } catch { /* a browser that keeps nothing still works */ }
}

function switchTheme() {
  root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  remember("theme", root.dataset.bsTheme);
}

function switchDensity() {
  const next = DENSITIES[(DENSITIES.indexOf(root.dataset.density || "") + 1) % DENSITIES.length];
  root.dataset.density = next;
  remember("density", next);
}

function switchKeys(box) {
  root.classList.toggle("keys-off", !box.checked);
  remember("keys", box.checked ? "on" : "off");
}

// What needs this file stays hidden without it.
export function reveal(part) {
  for (const one of part.querySelectorAll("[data-theme-switch], [data-density-switch], [data-copy-table], [data-copy]")) one.hidden = false;
}

export function start() {
  reveal(document);
  const box = document.querySelector("[data-keys-switch]");
  if (box) box.checked = !root.classList.contains("keys-off");
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-switch]")) switchTheme();
    if (event.target.closest("[data-density-switch]")) switchDensity();
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-keys-switch]")) switchKeys(event.target); });
  document.querySelector("[data-focus]")?.focus();
}
