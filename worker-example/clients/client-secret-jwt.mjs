// A service that never sends its secret, but signs with it (client_secret_jwt).
import * as client from "openid-client";

const { ISSUER = "http://localhost:8787" } = process.env;
const id = "client-secret-jwt-service";
const authentication = client.ClientSecretJwt(`${id}-demo-secret`);
const config = await client.discovery(new URL(ISSUER), id, {}, authentication, {
  execute: [client.allowInsecureRequests], // For http://localhost only.
});
console.log(await client.clientCredentialsGrant(config, { scope: "read" }));
