// How each kind of client shows the token endpoint who it is. oauth4webapi has most methods; those
// with certificates and attestations need what the demo has for its clients at `/demo/keys/`.
import * as oauth from "oauth4webapi";
import { baseOf } from "../src/issuer";
import { base64url } from "../src/notations";
import type { DemoClient, Place, StepActions } from "./model";

/** The demo's clients whose private key this page can get. */
const withDemoKey = ["private-key-jwt-app", "tls-service", "self-signed-tls-app", "attested-app"];
const bySecret = ["client_secret_basic", "client_secret_post", "client_secret_jwt"];

/** Whether a client authenticates with a secret. */
export function hasSecret({ token_endpoint_auth_method: method }: DemoClient): boolean {
  return bySecret.includes(method);
}

/** Whether this page can act as the client. */
export function isPlayable(client: DemoClient): boolean {
  const { client_id, token_endpoint_auth_method: method } = client;
  return method === "none" || hasSecret(client) || withDemoKey.includes(client_id);
}

/** What a client has to show, for as long as it runs. */
export class Credentials {
  private installation: Promise<CryptoKeyPair> | undefined;

  constructor(
    private readonly place: Place,
    private readonly client: DemoClient,
    private readonly secret: string,
  ) {}

  /** The client's part of the requests of one step. */
  in(step: StepActions): oauth.ClientAuth {
    const { place, secret } = this;
    const { client_id, token_endpoint_auth_method: method } = this.client;
    switch (method) {
      case "none":
        return oauth.None();
      case "client_secret_basic":
        return oauth.ClientSecretBasic(secret);
      case "client_secret_post":
        return oauth.ClientSecretPost(secret);
      case "client_secret_jwt":
        return oauth.ClientSecretJwt(secret);
      case "private_key_jwt":
        return async (...request) => {
          const jwk = await demoKey(place, client_id);
          const key = await signingKey(jwk);
          return oauth.PrivateKeyJwt({ key, kid: jwk.kid })(...request);
        };
      case "attest_jwt_client_auth":
        // One key for all requests: refresh tokens are bound to it.
        this.installation ??= oauth.generateKeyPair("ES256");
        return attestation(place, client_id, this.installation, step);
      default:
        // Mutual TLS: the server in front would add this header for the certificate that it saw.
        return async (_as, _client, body, headers) => {
          body.set("client_id", client_id);
          headers.set("Client-Cert", await demoFile(place, `${client_id}.client-cert`));
        };
    }
  }
}

/** A file of the demo. It is read beside the flow, and no part of what the flow shows. */
async function demoFile({ setup, ask }: Place, name: string): Promise<string> {
  const response = await ask(new Request(`${baseOf(setup.issuer)}/demo/keys/${name}`));
  if (!response.ok) throw new Error(`The server does not have the demo's file ${name}.`);
  return (await response.text()).trim();
}

async function demoKey(place: Place, name: string): Promise<JsonWebKey & { kid: string }> {
  return JSON.parse(await demoFile(place, `${name}.jwk.json`));
}

const es256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

function signingKey(jwk: JsonWebKey): Promise<CryptoKey> {
  return crypto.subtle.importKey("jwk", jwk, es256, false, ["sign"]);
}

/**
 * Attestation-based client authentication: the maker's server, whose part this page plays, signs
 * the key of the installation; the installation signs a challenge with it.
 */
function attestation(
  place: Place,
  client_id: string,
  installation: Promise<CryptoKeyPair>,
  step: StepActions,
): oauth.ClientAuth {
  return async (as, _client, body, headers) => {
    const endpoint = as.challenge_endpoint;
    if (typeof endpoint !== "string") throw new Error("The server has no challenge endpoint.");
    const maker = await demoKey(place, "attester");
    const { privateKey, publicKey } = await installation;
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
    const iat = Math.floor(Date.now() / 1000);
    const attested = await signed(
      { typ: "oauth-client-attestation+jwt", alg: "ES256", kid: maker.kid },
      { sub: client_id, cnf: { jwk: { kty, crv, x, y } }, iat, exp: iat + 3600 },
      await signingKey(maker),
    );
    const answer = await step.fetch(endpoint, { method: "POST" });
    const { attestation_challenge: challenge } = await answer.json();
    const proof = await signed(
      { typ: "oauth-client-attestation-pop+jwt", alg: "ES256" },
      { aud: as.issuer, jti: crypto.randomUUID(), iat, challenge },
      privateKey,
    );
    body.set("client_id", client_id);
    headers.set("OAuth-Client-Attestation", attested);
    headers.set("OAuth-Client-Attestation-PoP", proof);
  };
}

/** A JWT (RFC 7519), signed with ES256. */
async function signed(header: object, claims: object, key: CryptoKey): Promise<string> {
  const encode = (part: object) => base64url(new TextEncoder().encode(JSON.stringify(part)));
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = await crypto.subtle.sign(es256, key, new TextEncoder().encode(input));
  return `${input}.${base64url(new Uint8Array(signature))}`;
}
