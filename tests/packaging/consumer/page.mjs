// A web page. Authlete is where the page comes from, unless the address says otherwise.
import * as pkg from "authlete-token";
import * as engine from "authlete-token/engine";
import { scenario } from "./scenario.mjs";

const serverURL = new URLSearchParams(location.search).get("server") ?? location.origin;
globalThis.report = scenario(pkg, engine, serverURL);
