// A client whose tokens are bound to its key: nobody else can use them (DPoP, RFC 9449).
import * as client from "openid-client";

const { ISSUER = "http://localhost:8787" } = process.env;
const config = await client.discovery(new URL(ISSUER), "dpop-app", {}, client.None(), {
  execute: [client.allowInsecureRequests], // For http://localhost only.
});
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier() };
const login = client.buildAuthorizationUrl(config, {
  redirect_uri: "http://127.0.0.1/callback",
  scope: "openid profile",
  code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
  code_challenge_method: "S256",
  ...{ prompt: "none", login_hint: "alice" }, // Without these two, alice gets a login page.
});
const back = new URL((await fetch(login, { redirect: "manual" })).headers.get("location"));
const tokens = await client.authorizationCodeGrant(config, back, checks, {}, { DPoP });
console.log(tokens, await client.fetchUserInfo(config, tokens.access_token, "user-1", { DPoP }));
