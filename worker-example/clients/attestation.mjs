// An app whose maker attests to each installation (attest_jwt_client_auth,
// draft-ietf-oauth-attestation-based-client-auth-08). It plays the maker's server, too.
import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";

const { ISSUER = "http://localhost:8787" } = process.env;
const id = "attested-app";
const read = async (url, init) => (await fetch(url, init)).json();
const server = await read(`${ISSUER}/.well-known/oauth-authorization-server`);

// The maker's server signs the public key of the installation.
const installation = await generateKeyPair("ES256");
const maker = await read(`${ISSUER}/demo/keys/attester.jwk.json`);
const attestation = await new SignJWT({ cnf: { jwk: await exportJWK(installation.publicKey) } })
  .setProtectedHeader({ typ: "oauth-client-attestation+jwt", alg: "ES256", kid: maker.kid })
  .setSubject(id)
  .setIssuedAt()
  .setExpirationTime("1h")
  .sign(await importJWK(maker));

// The app proves for each request that it has the private key.
const challenge = await read(server.challenge_endpoint, { method: "POST" });
const proof = await new SignJWT({ challenge: challenge.attestation_challenge })
  .setProtectedHeader({ typ: "oauth-client-attestation-pop+jwt", alg: "ES256" })
  .setAudience(server.issuer)
  .setJti(crypto.randomUUID())
  .setIssuedAt()
  .sign(installation.privateKey);
const tokens = await read(server.token_endpoint, {
  method: "POST",
  headers: { "OAuth-Client-Attestation": attestation, "OAuth-Client-Attestation-PoP": proof },
  body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, scope: "read" }),
});
console.log(tokens);
