// Uses the slim entry in every wrong way, then in the right one, and reports the outcomes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import {
  AuthleteClient,
  AuthleteError,
  authToken,
  handleTokenRequest,
  initializeWasm,
} from "authlete-token/slim";

const { resolve } = createRequire(import.meta.url);
const bytesOf = (name) => readFileSync(resolve(`authlete-token/${name}.wasm`));
const operations = bytesOf("operations");
const events = [];
const fetch = async () =>
  new Response('{"action":"OK","responseContent":"{}"}', {
    headers: { "content-type": "application/json" },
  });
const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch });
const call = () => authToken(authlete, { parameters: "" });
const answer = () => {
  const request = new Request("https://as.example/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return handleTokenRequest(request, { authlete, onEvent: (event) => events.push(event.type) });
};
const told = (error) => ({
  code: error.code,
  ours: error instanceof AuthleteError,
  message: error.message,
  cause: error.cause?.name,
  shown: Object.keys(error).includes("cause"),
});
const thrown = (module) => {
  try {
    initializeWasm(module);
  } catch (error) {
    return told(error);
  }
};

const early = {
  operation: await call().catch(told),
  endpoint: await answer().catch(told),
  events: [...events],
};
const wrong = {
  nothing: undefined,
  "a promise": WebAssembly.compile(operations),
  "an address": "/operations.wasm",
  "no WebAssembly": new TextEncoder().encode("<!doctype html>"),
  "half of the file": operations.subarray(0, 1000),
  "an empty module": new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  "the engine": bytesOf("engine"),
};
const refused = Object.fromEntries(
  Object.entries(wrong).map(([name, module]) => [name, thrown(module)]),
);
const stillEarly = await call().catch(told);
// A module of another realm, as in a test runner's sandbox.
const first = thrown(runInNewContext("new WebAssembly.Module(bytes)", { bytes: operations }));
const again = [thrown(operations), thrown(undefined)];
const { action } = await call();
console.log(
  JSON.stringify({
    early,
    refused,
    stillEarly,
    first,
    again,
    action,
    status: (await answer()).status,
  }),
);
