// Sign-in and the like: the theme switch and copy buttons.
import * as copy from "./copy.js";
import * as switches from "./switches.js";

for (const part of [switches, copy]) part.start();
