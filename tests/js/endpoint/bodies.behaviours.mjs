// Every kind of body that a host's `Request` accepts: the same bytes reach Authlete, and the
// embedded engine.
import { deepEqual, equal } from "../support/assert.mjs";
import { hasStreamedRequests } from "../support/features.mjs";
import { upstream } from "../support/upstream.mjs";

const type = "application/x-www-form-urlencoded";
const bytes = (text) => new TextEncoder().encode(text);

/** A stream of the text in pieces of seven bytes. */
const stream = (text) =>
  new ReadableStream({
    start(controller) {
      const all = bytes(text);
      for (let at = 0; at < all.length; at += 7) controller.enqueue(all.slice(at, at + 7));
      controller.close();
    },
  });

/** What each kind of body makes `Request` of for a text. */
const kinds = () => ({
  "a string": (body) => ({ body }),
  "a Uint8Array": (text) => ({ body: bytes(text) }),
  "an ArrayBuffer": (text) => ({ body: bytes(text).buffer }),
  "a DataView": (text) => ({ body: new DataView(bytes(text).buffer) }),
  "a Blob": (text) => ({ body: new Blob([text]) }),
  // Firefox and WebKit would turn it into the text "[object ReadableStream]".
  ...(hasStreamedRequests() && { "a stream": (text) => ({ body: stream(text), duplex: "half" }) }),
});

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const tokenRequest = (init) =>
    new Request("https://as.example/token", {
      method: "POST",
      headers: { "content-type": type },
      ...init,
    });

  /** Checks that each of the requests gets its answer, and Authlete the form. */
  const arrives = async (form, ...requests) => {
    const authlete = upstream({ action: "OK", responseContent: '{"access_token":"x"}' });
    const client = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch });
    for (const request of requests) {
      const response = await handleTokenRequest(request, { authlete: client });
      equal(await response.text(), '{"access_token":"x"}', "answer");
    }
    deepEqual(
      authlete.calls.map(({ body }) => body),
      requests.map(() => ({ parameters: form })),
      "calls",
    );
  };

  const startEngine = () =>
    enginePkg.createEngine({
      service: {
        serviceId: "1",
        bearer: "b",
        issuer: "https://as.example",
        supportedGrantTypes: ["CLIENT_CREDENTIALS"],
      },
      clients: [{ client_id: "c", client_secret: "s", grant_types: ["client_credentials"] }],
    });
  const call = JSON.stringify({
    parameters: "grant_type=client_credentials&state=ü",
    clientId: "c",
    clientSecret: "s",
  });
  const apiRequest = (init) =>
    new Request("http://localhost/api/1/auth/token", {
      method: "POST",
      headers: { authorization: "Bearer b", "content-type": "application/json" },
      ...init,
    });

  const checks = {};
  for (const [kind, init] of Object.entries(kinds())) {
    checks[`a form that is ${kind} reaches Authlete, from a copy and a clone too`] = async () => {
      const form = "grant_type=client_credentials&scope=a%20b&ü=%C3%BC";
      const [original, cloned] = [tokenRequest(init(form)), tokenRequest(init(form))];
      await arrives(form, tokenRequest(init(form)), new Request(original), cloned.clone(), cloned);
    };
    checks[`a call that is ${kind} is answered by the engine, from a copy and a clone too`] =
      async () => {
        const engine = await startEngine();
        const [original, cloned] = [apiRequest(init(call)), apiRequest(init(call))];
        for (const request of [
          apiRequest(init(call)),
          new Request(original),
          cloned.clone(),
          cloned,
        ]) {
          const response = await engine.fetch(request);
          equal(response.status, 200, "status");
          equal((await response.json()).action, "OK", "action");
        }
      };
  }

  return {
    ...checks,

    "a form that is URLSearchParams reaches Authlete": async () => {
      const body = new URLSearchParams({ grant_type: "client_credentials", scope: "a b", ü: "ü" });
      const typed = new Request("https://as.example/token", { method: "POST", body });
      await arrives(
        "grant_type=client_credentials&scope=a+b&%C3%BC=%C3%BC",
        typed,
        tokenRequest({ body }),
      );
    },

    "a form that is a Blob of that type reaches Authlete": async () => {
      const body = new Blob(["grant_type=", "client_credentials"], { type });
      await arrives(
        "grant_type=client_credentials",
        new Request("https://as.example/token", { method: "POST", body }),
      );
    },

    "a request without a body, or with an empty one, is passed on to Authlete": async () => {
      await arrives(
        "",
        tokenRequest({}),
        tokenRequest({ body: "" }),
        tokenRequest({ body: new Uint8Array() }),
        tokenRequest({ body: new Blob([]) }),
      );
    },
  };
}
