// A program in one file, by a bundler that gives a .wasm file's bytes (esbuild's loader `binary`).
import bytes from "authlete-token/operations.wasm";
import * as pkg from "authlete-token/slim";
import { scenario } from "./scenario.mjs";

pkg.initializeWasm(bytes);
console.log(JSON.stringify(await scenario(pkg, undefined, process.argv[2])));
