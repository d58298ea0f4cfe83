// An engine over one of its stores, and the requests of its clients. `pkg` and `enginePkg` are the
// two entries of the package; `storage` gives the options that select the store, the same records
// each time it is called with the same name.
import { equal, ok } from "../support/assert.mjs";

export const redirectUri = "https://app.example/callback";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
export const config = {
  service: {
    serviceId: "715948317",
    bearer: "service-bearer",
    issuer: "https://as.example",
    supportedGrantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS", "PASSWORD"],
    supportedScopes: ["openid", "read"],
  },
  clients: ["ES256", "RS256"].map((alg) => ({
    client_id: `web-${alg}`,
    client_secret: "web-secret",
    grant_types: ["authorization_code", "refresh_token", "client_credentials", "password"],
    redirect_uris: [redirectUri],
    id_token_signed_response_alg: alg,
  })),
};

/** Verifies a JWS with WebCrypto and returns its claims. */
export async function verified(jwt, { keys }) {
  const parts = jwt.split(".");
  const bytes = (part) =>
    Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
      char.charCodeAt(0),
    );
  const [header, claims] = parts
    .slice(0, 2)
    .map((part) => JSON.parse(new TextDecoder().decode(bytes(part))));
  const jwk = keys.find(({ kid, alg }) => kid === header.kid && alg === header.alg);
  ok(jwk, "a key of the JWK set");
  ok(!("d" in jwk), "no private member in the JWK set");
  const algorithm = {
    ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
    RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  }[header.alg];
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  ok(
    await crypto.subtle.verify(
      algorithm,
      key,
      bytes(parts[2]),
      new TextEncoder().encode(`${parts[0]}.${parts[1]}`),
    ),
    "the signature",
  );
  return claims;
}

export function engineKit({ pkg, enginePkg, storage }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const start = (name, options = {}) =>
    enginePkg.createEngine(config, { ...storage(name), ...options });

  const tokens = (engine, parameters, { client = "web-ES256", ...hooks } = {}) => {
    const authlete = new AuthleteClient({
      serviceId: config.service.serviceId,
      bearer: config.service.bearer,
      engine,
    });
    const request = new Request("https://as.example/token", {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${client}:web-secret`)}` },
      body: new URLSearchParams(parameters),
    });
    return handleTokenRequest(request, { authlete, ...hooks });
  };
  const code = async (engine, more = {}) =>
    (
      await engine.issueAuthorizationCode({
        client_id: "web-ES256",
        subject: "user-1",
        scope: "openid read",
        redirect_uri: redirectUri,
        code_challenge: challenge,
        code_challenge_method: "S256",
        nonce: "n-1",
        ...more,
      })
    ).code;
  const redeem = (engine, value, options) =>
    tokens(
      engine,
      {
        grant_type: "authorization_code",
        code: value,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      },
      options,
    );
  const refresh = (engine, value) =>
    tokens(engine, { grant_type: "refresh_token", refresh_token: value });
  const error = async (response, status, name) => {
    equal(response.status, status, "status");
    equal((await response.json()).error, name, "error");
  };

  return { start, tokens, code, redeem, refresh, error };
}
