// The exchange that every contender makes: one `/auth/token` call for an authorization code, and the `fetch` that stands in for the network.

/** Where the call goes, and as whom. */
export const service = { serverURL: "https://us.authlete.com", serviceId: "715948317", bearer: "bench-service-access-token" };

/** The URL of the call. */
export const url = `${service.serverURL}/api/${service.serviceId}/auth/token`;

/** The request: an authorization code with PKCE, from a client that authenticates with Basic. */
export const request = {
  parameters:
    "grant_type=authorization_code&code=kT9v0Lq2sWn7bXcYd4RfGhJm1PzAe8UoIi5VtQx3ByE&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcb&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  clientId: "4277838306",
  clientSecret: "s3cr3t:with:colons_AbC-123",
};

const accessToken = "Pz4hA9mKQe2wN7sVb1XyTfC8LrJdGo3uWkEi5ZnY0_s";
const refreshToken = "m3VtQx8BfLs1yRzKc7UeHwNa2DpGj9oTi4XbZq6JvE0";
const scopes = ["openid", "profile", "orders.read"];
const part = (value) => btoa(JSON.stringify(value)).replaceAll("=", "");
const claims = {
  iss: "https://as.example.com",
  sub: "user-42",
  aud: ["4277838306"],
  exp: 1767225900,
  iat: 1767225600,
  auth_time: 1767225480,
  nonce: "n-0S6_WzA2MjTq8Vb1Xy",
  at_hash: "77QmUPtjPfzWtF2AnpK9RQ",
  sid: "0b6f1b1e-8f0a-4c1e-9d6b-6a1f4f6f2a11",
  acr: "urn:mace:incommon:iap:silver",
  amr: ["pwd", "otp"],
  name: "Alice Example",
  email: "alice@example.com",
  email_verified: true,
};
const idToken = `${part({ alg: "ES256", kid: "k1" })}.${part(claims)}.${"MEUCIQDx3vK7Lw2a".repeat(6).slice(0, 86)}`;

const answer = {
  type: "tokenResponse",
  resultCode: "A050001",
  resultMessage: "[A050001] The token request (grant_type=authorization_code) was processed successfully.",
  action: "OK",
  responseContent: JSON.stringify({
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: 3600,
    scope: scopes.join(" "),
    refresh_token: refreshToken,
    id_token: idToken,
  }),
  accessToken,
  accessTokenDuration: 3600,
  accessTokenExpiresAt: 1767229200123,
  refreshToken,
  refreshTokenDuration: 864000,
  refreshTokenExpiresAt: 1768089600123,
  idToken,
  grantType: "AUTHORIZATION_CODE",
  subject: "user-42",
  scopes,
  refreshTokenScopes: scopes,
  properties: [
    { key: "channel", value: "web", hidden: false },
    { key: "risk", value: "7", hidden: true },
  ],
  previousRefreshTokenUsed: false,
  clientId: 4277838306,
  clientIdAlias: "shop-web",
  clientIdAliasUsed: false,
  clientEntityIdUsed: false,
  clientAuthMethod: "CLIENT_SECRET_BASIC",
  serviceAttributes: [{ key: "tenant", value: "acme" }],
  clientAttributes: [{ key: "tier", value: "gold" }],
};
const text = JSON.stringify(answer);

/** The answer's size in bytes; it is ASCII. */
export const answerBytes = text.length;

/** A `fetch` that does what each real one does on both sides of the network, a `Request` and a `Response`, and nothing in between. */
export function stub(withLength) {
  const headers = { "content-type": "application/json;charset=utf-8" };
  if (withLength) headers["content-length"] = String(answerBytes);
  return async (input, init) => {
    new Request(input, init);
    return new Response(text, { headers });
  };
}

/** Makes one call with the contender that `make` gives, and fails unless it sends the right request and gives the right result. */
export async function check(make, withLength) {
  const answering = stub(withLength);
  let wrong;
  const fetch = async (input, init) => {
    try {
      await checkRequest(new Request(input, init));
    } catch (error) {
      wrong = error;
    }
    return answering(url, {});
  };
  const result = await make(fetch)();
  if (wrong !== undefined) throw wrong;
  for (const [name, value] of Object.entries(answer)) {
    // A contender may drop what its own types do not know.
    if (name !== "type" && !same(result[name], value)) throw new Error(`the result has another ${name}`);
  }
}

async function checkRequest(sent) {
  const expected = {
    method: "POST",
    url,
    authorization: `Bearer ${service.bearer}`,
    accept: "application/json",
    "content-type": "application/json",
  };
  for (const [name, value] of Object.entries(expected)) {
    const found = sent[name] ?? sent.headers.get(name);
    if (found !== value) throw new Error(`the request has the ${name} ${found}`);
  }
  const body = await sent.json();
  if (!same(body, request)) throw new Error(`the request has the body ${JSON.stringify(body)}`);
}

/** Equality of JSON values, whatever the order of their members. */
function same(a, b) {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => same(a[name], b[name]));
}
