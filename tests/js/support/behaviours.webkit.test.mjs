import { proveInBrowser } from "./in-browser.mjs";

// WebKit needs forty milliseconds for an instance.
proveInBrowser("webkit", { traps: 100 });
