// The answers of the stub for Authlete: a typical token response, one of 20 KB, and a refusal.

const part = (value) => btoa(JSON.stringify(value)).replaceAll("=", "");
const signature = "MEUCIQDx3vK7Lw2a".repeat(6).slice(0, 86);
const jwt = (claims) => `${part({ alg: "ES256", kid: "k1" })}.${part(claims)}.${signature}`;

const scopes = ["openid", "profile", "orders.read"];
const refreshToken = "m3VtQx8BfLs1yRzKc7UeHwNa2DpGj9oTi4XbZq6JvE0";
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

/**
 * The answer to a valid code. If there is a `jwtAccessToken`, the client gets that one.
 */
function issued(accessToken, idToken, more) {
  return {
    type: "tokenResponse",
    resultCode: "A050001",
    resultMessage:
      "[A050001] The token request (grant_type=authorization_code) was processed successfully.",
    action: "OK",
    responseContent: JSON.stringify({
      access_token: more.jwtAccessToken ?? accessToken,
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
    ...more,
  };
}

const accessToken = "Pz4hA9mKQe2wN7sVb1XyTfC8LrJdGo3uWkEi5ZnY0_s";
const groups = Array.from(
  { length: 77 },
  (_, index) => `cn=team-${index},ou=groups,dc=example,dc=com`,
);

const refused = {
  type: "tokenResponse",
  resultCode: "A050305",
  resultMessage: "[A050305] No such authorization code.",
  action: "BAD_REQUEST",
  responseContent: JSON.stringify({
    error: "invalid_grant",
    error_description: "[A050305] No such authorization code.",
    error_uri: "https://docs.authlete.com/#A050305",
  }),
  grantType: "AUTHORIZATION_CODE",
  clientId: 4277838306,
  clientIdAlias: "shop-web",
  clientIdAliasUsed: false,
  clientAuthMethod: "CLIENT_SECRET_BASIC",
};

const answer = (value) => {
  const text = JSON.stringify(value);
  // The answers are ASCII, so their length is their size in bytes.
  return { value, text, bytes: text.length };
};

/** By name: the answer as an object, as text, and its size in bytes. */
export const answers = {
  issued: answer(issued(accessToken, jwt(claims), {})),
  // Tokens that contain a user's data from a directory.
  large: answer(
    issued(accessToken, jwt({ ...claims, groups }), {
      jwtAccessToken: jwt({ ...claims, scope: scopes.join(" "), groups }),
    }),
  ),
  refused: answer(refused),
};
