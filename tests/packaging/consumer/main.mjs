// A program for Node.js, Bun and Deno: its argument is Authlete's URL.
import * as pkg from "authlete-token";
import * as engine from "authlete-token/engine";
import { scenario } from "./scenario.mjs";

const [serverURL] = globalThis.Deno?.args ?? process.argv.slice(2);
console.log(JSON.stringify(await scenario(pkg, engine, serverURL)));
