// What clients with keys send: proofs (DPoP), assertions, attestations and certificates.
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { basic, exchange } from "./http.mjs";

/** The demo's keys, as `npm start` serves them. */
export const demoKeys = JSON.parse(
  readFileSync(new URL("../../../../worker-example/src/demo-keys.json", import.meta.url), "utf8"),
);

/** The value of `Client-Cert` for the certificate of one of the demo's clients (RFC 9440 §2.2). */
export function clientCert(client) {
  const { certificate } = demoKeys.certificates[client];
  return `:${certificate.replace(/-----[^-]+-----|\s/g, "")}:`;
}

/**
 * A key for DPoP (RFC 9449). `proof(htm, htu, more)` is the header of one request, with `more`
 * claims, and with `ath` for the access token `more.token`.
 */
export async function dpopKey() {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = await exportJWK(publicKey);
  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof: (htm, htu, { token, ...more } = {}) =>
      new SignJWT({
        htm,
        htu,
        jti: randomUUID(),
        ...(token && { ath: createHash("sha256").update(token).digest("base64url") }),
        ...more,
      })
        .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
        .setIssuedAt()
        .sign(privateKey),
  };
}

/** The same with a nonce of the demo at `origin`, which is good for five minutes. */
export async function dpopKeyAt(origin) {
  const key = await dpopKey();
  const { headers } = await exchange(origin, {
    method: "POST",
    path: "/token",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: basic("service", "service-demo-secret"),
      dpop: await key.proof("POST", `${origin}/token`),
    },
    body: "grant_type=client_credentials",
  });
  const nonce = headers.get("dpop-nonce");
  const proof = (htm, htu, more) => key.proof(htm, htu, { nonce, ...more });
  return { ...key, proof };
}

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The parameters of a client that signs an assertion (RFC 7523 §2.2), by secret or JWK. */
export async function assertion(client, key, audience) {
  const bySecret = typeof key === "string";
  const client_assertion = await new SignJWT({ iss: client, sub: client, jti: randomUUID() })
    .setProtectedHeader(bySecret ? { alg: "HS256" } : { alg: "ES256", kid: key.kid })
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(bySecret ? new TextEncoder().encode(key) : await importJWK(key));
  return { client_assertion_type: jwtBearer, client_assertion };
}

/** The headers of an attested installation of the client, with a challenge of the server. */
export async function attestation(client, issuer, challenge) {
  const installation = await generateKeyPair("ES256");
  const { attester } = demoKeys.jwks;
  const attested = new SignJWT({ cnf: { jwk: await exportJWK(installation.publicKey) } })
    .setProtectedHeader({ typ: "oauth-client-attestation+jwt", alg: "ES256", kid: attester.kid })
    .setSubject(client)
    .setIssuedAt()
    .setExpirationTime("5m");
  const proof = new SignJWT({ challenge })
    .setProtectedHeader({ typ: "oauth-client-attestation-pop+jwt", alg: "ES256" })
    .setAudience(issuer)
    .setJti(randomUUID())
    .setIssuedAt();
  return {
    "oauth-client-attestation": await attested.sign(await importJWK(attester)),
    "oauth-client-attestation-pop": await proof.sign(installation.privateKey),
  };
}
