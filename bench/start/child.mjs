// A Node.js process that answers once, `child.mjs CONTENDER`, and prints when each phase ended, in
// milliseconds.
//
// What every program needs is loaded before the clock starts: the stub, and the platform's `fetch`
// classes, which Node.js loads at their first use. So the phases contain only what the contender
// adds.
import { readFileSync } from "node:fs";
import { answers } from "../calls/answers.mjs";
import { checkResult, headers, request, service, stub, url } from "../calls/exchange.mjs";

const fetch = stub(answers.issued);
const phases = {};
let last = 0;

/** Ends a phase. */
function done(phase) {
  const now = performance.now();
  phases[phase] = now - last;
  last = now;
}

async function byHand() {
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(request) });
  return response.json();
}

const contenders = {
  floor: byHand,

  async ours() {
    const { AuthleteClient, authToken } = await import("authlete-token");
    done("import");
    const authlete = new AuthleteClient({ ...service, fetch });
    return authToken(authlete, request);
  },

  async slim() {
    const { AuthleteClient, authToken, initializeWasm } = await import("authlete-token/slim");
    done("import");
    const bytes = readFileSync(new URL(import.meta.resolve("authlete-token/operations.wasm")));
    done("read");
    const module = new WebAssembly.Module(bytes);
    done("compile");
    initializeWasm(module);
    done("instantiate");
    const authlete = new AuthleteClient({ ...service, fetch });
    return authToken(authlete, request);
  },

  async sdk() {
    const { Authlete, HTTPClient } = await import("@authlete/typescript-sdk");
    done("import");
    const { serverURL, bearer, serviceId } = service;
    const authlete = new Authlete({
      serverURL,
      bearer,
      httpClient: new HTTPClient({ fetcher: fetch }),
    });
    return authlete.token.process({ serviceId, tokenRequest: request });
  },

  async engine() {
    const { AuthleteClient, authToken } = await import("authlete-token");
    const { createEngine } = await import("authlete-token/engine");
    done("import");
    const { serviceId, bearer } = service;
    const engine = await createEngine({
      service: { serviceId, bearer, issuer: "https://as.example.com" },
      clients: [
        {
          client_id: "app",
          client_secret: "bench-client-secret",
          grant_types: ["client_credentials"],
        },
      ],
    });
    done("createEngine");
    const authlete = new AuthleteClient({
      ...service,
      fetch: (url, init) => engine.fetch(new Request(url, init)),
    });
    return authToken(authlete, {
      parameters: "grant_type=client_credentials",
      clientId: "app",
      clientSecret: "bench-client-secret",
    });
  },
};

await byHand();
last = performance.now();
const begun = last;
const name = process.argv[2];
const answer = await contenders[name]();
done("answer");
if (name !== "engine") checkResult(answer, answers.issued);
else if (answer.action !== "OK") throw new Error(`the engine answers ${answer.action}`);
// `performance.now()` counts from the start of the process.
console.log(JSON.stringify({ added: last - begun, whole: last, phases }));
