// Makes calls while operations.wasm is missing, or is something else, then with the right file in
// its place again, and reports the outcomes.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { AuthleteClient, authToken, handleTokenRequest } from "authlete-token";
import { createEngine } from "authlete-token/engine";

const { resolve } = createRequire(import.meta.url);
const [operations, engine] = ["operations", "engine"].map((name) =>
  resolve(`authlete-token/${name}.wasm`),
);
const good = [operations, engine].map((path) => readFileSync(path));
const fetch = async () =>
  new Response('{"action":"OK","responseContent":"{}"}', {
    headers: { "content-type": "application/json" },
  });
const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch });
const told = ({ name, code, message, cause }) => ({
  name,
  code,
  message,
  cause: cause?.code ?? cause?.name,
});

async function outcome() {
  const events = [];
  const request = new Request("https://as.example/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const response = await handleTokenRequest(request, {
    authlete,
    requestId: "r",
    onEvent: (event) => events.push(event),
  });
  return {
    operation: await authToken(authlete, { parameters: "" }).then(({ action }) => action, told),
    engine: await createEngine({
      service: { serviceId: "1", bearer: "b", issuer: "http://localhost" },
      clients: [],
    }).then(() => "created", told),
    endpoint: { status: response.status, body: await response.text(), events },
  };
}

rmSync(operations);
rmSync(engine);
const missing = await outcome();
writeFileSync(operations, "<!doctype html>");
writeFileSync(engine, "<!doctype html>");
const garbled = await outcome();
writeFileSync(operations, good[1]);
writeFileSync(engine, good[0]);
const swapped = await outcome();
writeFileSync(operations, good[0]);
writeFileSync(engine, good[1]);
console.log(JSON.stringify({ missing, garbled, swapped, repaired: await outcome() }));
