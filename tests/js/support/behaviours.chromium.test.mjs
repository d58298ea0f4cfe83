import { proveInBrowser } from "./in-browser.mjs";

proveInBrowser("chromium");
