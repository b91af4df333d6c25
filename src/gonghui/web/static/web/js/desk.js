// Everything here makes a working page quicker; nothing here is needed for it to work.
import * as copy from "./copy.js";
import * as keys from "./keys.js";
import * as palette from "./palette.js";
import * as pop from "./pop.js";
import * as rows from "./rows.js";
import * as switches from "./switches.js";

for (const part of [switches, pop, copy, rows, palette, keys]) part.start();
document.addEventListener("htmx:load", ({ detail }) => {
  switches.reveal(detail.elt);
  if (detail.elt.id === "list") rows.close();
});
// Conditions left empty stay out of the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
});
