// Before the first paint: the theme, row height and keys that this person chose in this browser.
(() => {
  const root = document.documentElement;
  const chosen = (name) => { try { return localStorage.getItem(`gonghui.${name}`); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = chosen("theme") || (dark ? "dark" : "light");
  if (chosen("density")) root.dataset.density = chosen("density");
  root.classList.toggle("keys-off", chosen("keys") === "off");
})();
