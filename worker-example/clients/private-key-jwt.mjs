// A client without a secret: it signs with its own key (private_key_jwt, RFC 7523).
import * as client from "openid-client";

const { ISSUER = "http://localhost:8787" } = process.env;
const id = "private-key-jwt-app";
const jwk = await (await fetch(`${ISSUER}/demo/keys/${id}.jwk.json`)).json();
const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
const authentication = client.PrivateKeyJwt({ key, kid: jwk.kid });
const config = await client.discovery(new URL(ISSUER), id, {}, authentication, {
  execute: [client.allowInsecureRequests], // For http://localhost only.
});
console.log(await client.clientCredentialsGrant(config, { scope: "read" }));
