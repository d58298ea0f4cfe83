// A worker for a runtime that the package does not know, which imports .wasm files as compiled
// modules.
import * as engine from "authlete-token/engine/slim";
import engineModule from "authlete-token/engine.wasm";
import operationsModule from "authlete-token/operations.wasm";
import * as pkg from "authlete-token/slim";
import { scenario } from "./scenario.mjs";

pkg.initializeWasm(operationsModule);
engine.initializeWasm(engineModule);

export default {
  fetch: async (_request, env) => Response.json(await scenario(pkg, engine, env.SERVER_URL)),
};
