// Signing keys with times, used by the platform's cryptography.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";

const start = 1_790_000_000;
const client = {
  client_id: "web",
  client_secret: "web-secret",
  redirect_uris: ["https://app.example/"],
  id_token_signed_response_alg: "ES256",
};
const service = { serviceId: "1", bearer: "b", issuer: "https://as.example", idTokenDuration: 300 };

/** A private JWK of a new key. */
async function newKey(kid, times) {
  const { privateKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  return { ...(await crypto.subtle.exportKey("jwk", privateKey)), kid, alg: "ES256", ...times };
}

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, handleTokenRequest } = pkg;

  /** The `kid` of a new ID token, which a published key verifies. */
  async function signer(engine) {
    const { code } = await engine.issueAuthorizationCode({
      client_id: "web",
      subject: "user-1",
      scope: "openid",
    });
    const authlete = new AuthleteClient({
      serviceId: "1",
      bearer: "b",
      serverURL: "http://localhost",
      fetch: (url, init) => engine.fetch(new Request(url, init)),
    });
    const request = new Request("https://as.example/token", {
      method: "POST",
      headers: { authorization: `Basic ${btoa("web:web-secret")}` },
      body: new URLSearchParams({ grant_type: "authorization_code", code }),
    });
    const response = await handleTokenRequest(request, { authlete });
    equal(response.status, 200, "status");
    const [header, claims, signature] = (await response.json()).id_token.split(".");
    const bytes = (part) =>
      Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
        char.charCodeAt(0),
      );
    const { kid } = JSON.parse(new TextDecoder().decode(bytes(header)));
    const jwk = (await engine.jwks()).keys.find((key) => key.kid === kid);
    const key = await crypto.subtle.importKey(
      "jwk",
      jwk,
      { name: "ECDSA", namedCurve: "P-256" },
      false,
      ["verify"],
    );
    const input = new TextEncoder().encode(`${header}.${claims}`);
    ok(
      await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signature), input),
      "the signature",
    );
    return kid;
  }

  return {
    "a new key takes over from an old one at its time, also in an instance that replaces a trapped one":
      async () => {
        const change = start + 1000;
        const keys = [await newKey("old", { exp: change }), await newKey("new", { nbf: change })];
        let now = start * 1000;
        const engine = await enginePkg.createEngine(
          { service, clients: [client], jwks: { keys } },
          { now: () => now },
        );
        const published = async () => (await engine.jwks()).keys.map(({ kid }) => kid);
        equal(await signer(engine), "old", "before");
        deepEqual(await published(), ["old", "new"], "published before");
        for (const key of (await engine.jwks()).keys) {
          deepEqual(
            Object.keys(key).sort(),
            ["alg", "crv", "kid", "kty", "use", "x", "y"],
            "public members",
          );
        }

        // The platform fails where it never fails: the instance traps.
        const { set } = Headers.prototype;
        Headers.prototype.set = () => {
          throw new TypeError("the platform failed");
        };
        try {
          equal(
            (
              await engine.fetch(
                new Request("http://localhost/api/1/auth/token", { method: "POST", body: "{}" }),
              )
            ).status,
            500,
            "trapped",
          );
        } finally {
          Headers.prototype.set = set;
        }

        equal(await signer(engine), "old", "in the new instance");
        now = change * 1000;
        equal(await signer(engine), "new", "after");
        now = (change + 299) * 1000;
        deepEqual(
          await published(),
          ["old", "new"],
          "published while an ID token of the old key may be alive",
        );
        now = (change + 300) * 1000;
        deepEqual(await published(), ["new"], "published in the end");
      },

    "a key that ends before it begins is refused": async () => {
      const jwks = { keys: [await newKey("k", { nbf: 2, exp: 1 })] };
      const error = await rejection(enginePkg.createEngine({ service, clients: [client], jwks }));
      equal(error.message, "jwks.keys[0].exp: must be later than nbf", "message");
    },
  };
}
