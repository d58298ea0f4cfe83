import { proveInBrowser } from "./in-browser.mjs";

// An instance takes WebKit forty milliseconds.
proveInBrowser("webkit", { traps: 100 });
