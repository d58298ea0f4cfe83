// A web page. Authlete is at the page's own origin, unless the page's address names another URL.
import * as pkg from "authlete-token";
import * as engine from "authlete-token/engine";
import { scenario } from "./scenario.mjs";

const serverURL = new URLSearchParams(location.search).get("server") ?? location.origin;
globalThis.report = scenario(pkg, engine, serverURL);
