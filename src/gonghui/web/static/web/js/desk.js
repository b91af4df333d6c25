// Everything here makes a working page quicker; nothing here is needed for it to work.
import * as copy from "./copy.js";
import * as keys from "./keys.js";
import * as palette from "./palette.js";
import * as pop from "./pop.js";
import * as rows from "./rows.js";
import * as switches from "./switches.js";

for (const part of [switches, pop, copy, rows, palette, keys]) part.start();
document.addEventListener("htmx:afterSwap", (event) => switches.reveal(event.target));
