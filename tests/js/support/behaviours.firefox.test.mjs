import { proveInBrowser } from "./in-browser.mjs";

proveInBrowser("firefox");
