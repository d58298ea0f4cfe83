// Code for clients that several steps show. Secrets are in the environment, never in the code.
import { baseOf } from "../../src/issuer";
import type { ClientApp } from "../client";
import type { DemoClient, Run } from "../model";

/** A value as JavaScript. */
export const js = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/"(\w+)":/g, " $1: ")
    .replaceAll(",  ", ", ")
    .replace(/}$/, " }");

/** Where the code finds a client's secret. */
const secretName = ({ client_id }: DemoClient) =>
  `process.env.${client_id.toUpperCase().replace(/\W/g, "_")}_SECRET`;

/** What makes a client's part of a request, for the methods that oauth4webapi has. */
const authentications: Readonly<Record<string, (secret: string) => string>> = {
  none: () => "oauth.None()",
  client_secret_basic: (secret) => `oauth.ClientSecretBasic(${secret})`,
  client_secret_post: (secret) => `oauth.ClientSecretPost(${secret})`,
  client_secret_jwt: (secret) => `oauth.ClientSecretJwt(${secret})`,
};

/** What comes first in an app: the server's metadata, the client, and how it authenticates. */
export function preamble(
  { place: { setup } }: Run,
  { registered }: ClientApp,
  secret = secretName(registered),
): string {
  const { client_id, token_endpoint_auth_method: method } = registered;
  const issuer = baseOf(setup.issuer);
  const imports =
    method === "attest_jwt_client_auth"
      ? `import { exportJWK, importJWK, SignJWT } from "jose";\n`
      : "";
  const start = `${imports}import * as oauth from "oauth4webapi";

const options = { [oauth.allowInsecureRequests]: true }; // For http://localhost only.
const issuer = new URL(${js(setup.issuer)});
const discovery = await oauth.discoveryRequest(issuer, options);
const as = await oauth.processDiscoveryResponse(issuer, discovery);
const client = { client_id: ${js(client_id)} };
`;
  const known = authentications[method];
  if (known !== undefined) return `${start}const clientAuth = ${known(secret)};\n`;
  if (method === "private_key_jwt")
    return `${start}const jwk = await (await fetch("${issuer}/demo/keys/${client_id}.jwk.json")).json();
const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
const clientAuth = oauth.PrivateKeyJwt({ key, kid: jwk.kid });
`;
  if (method === "attest_jwt_client_auth") return start + attestation(issuer);
  return `${start}// Elsewhere, the app shows its certificate in TLS, and sends no such header (RFC 9440).
const certificate = await (await fetch("${issuer}/demo/keys/${client_id}.client-cert")).text();
const clientAuth = (as, client, body, headers) => {
  oauth.TlsClientAuth()(as, client, body, headers);
  headers.set("Client-Cert", certificate.trim());
};
`;
}

const attestation = (issuer: string) => `
// The maker's server signs the public key of the installation: here, with the demo's key.
const installation = await oauth.generateKeyPair("ES256");
const maker = await (await fetch("${issuer}/demo/keys/attester.jwk.json")).json();
const attestation = await new SignJWT({ cnf: { jwk: await exportJWK(installation.publicKey) } })
  .setProtectedHeader({ typ: "oauth-client-attestation+jwt", alg: "ES256", kid: maker.kid })
  .setSubject(client.client_id).setIssuedAt().setExpirationTime("1h")
  .sign(await importJWK(maker));

// For each request, the installation signs a challenge of the server.
const clientAuth = async (as, client, body, headers) => {
  const response = await fetch(as.challenge_endpoint, { method: "POST" });
  const { attestation_challenge: challenge } = await response.json();
  const proof = await new SignJWT({ challenge })
    .setProtectedHeader({ typ: "oauth-client-attestation-pop+jwt", alg: "ES256" })
    .setAudience(as.issuer).setJti(crypto.randomUUID()).setIssuedAt()
    .sign(installation.privateKey);
  body.set("client_id", client.client_id);
  headers.set("OAuth-Client-Attestation", attestation);
  headers.set("OAuth-Client-Attestation-PoP", proof);
};
`;

/** The address of the login. The browser comes back to `currentUrl`. */
export function authorizationCode(
  { registered }: ClientApp,
  parameters: Readonly<Record<string, string>>,
): string {
  const more = Object.entries(parameters).map(([name, value]) => `  ${name}: ${js(value)},\n`);
  return `
const redirectUri = ${js(registered.redirect_uri ?? "")};
const codeVerifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const authorizationUrl = new URL(as.authorization_endpoint);
authorizationUrl.search = new URLSearchParams({
  response_type: "code",
  client_id: client.client_id,
  redirect_uri: redirectUri,
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
  code_challenge_method: "S256",
${more.join("")}});
`;
}

/** Without a page, the code is in the redirect. */
export const silentCode = `const redirect = await fetch(authorizationUrl, { redirect: "manual" });
const currentUrl = new URL(redirect.headers.get("location"));
`;

/** Exchanges the code. */
export const redeemCode = (more = "options") => `
const params = oauth.validateAuthResponse(as, client, currentUrl, state);
const response = await oauth.authorizationCodeGrantRequest(
  as, client, clientAuth, params, redirectUri, codeVerifier,
  ${more},
);
const tokens = await oauth.processAuthorizationCodeResponse(as, client, response);
`;

/** Refreshes the tokens in the variable `from`; the answer is in the variable `to`. */
export const refreshCode = (from: string, to: string) => `
const ${to}Response = await oauth.refreshTokenGrantRequest(
  as, client, clientAuth, ${from}.refresh_token, options,
);
const ${to} = await oauth.processRefreshTokenResponse(as, client, ${to}Response);
`;

/** The same, where the server is to refuse it. */
export const refusedRefreshCode = (from: string, to: string) =>
  refused(refreshCode(from, to), "invalid_grant");

/** Asks for the user's claims. */
export const userinfoCode = (tokens = "tokens", more = "options") => `
const userinfo = await oauth.userInfoRequest(as, client, ${tokens}.access_token, ${more});
const claims = await oauth.processUserInfoResponse(as, client, oauth.skipSubjectCheck, userinfo);
`;

/** The same, where the server is to refuse it. */
export const refusedUserinfoCode = (tokens: string) => `
const userinfo = await oauth.userInfoRequest(as, client, ${tokens}.access_token, options);
console.log(userinfo.status, userinfo.headers.get("www-authenticate")); // 401
`;

/** Code whose last statement, the reading of an answer, is to end with an OAuth error. */
export function refused(code: string, error: string): string {
  return code.replace(
    /^const (\w+) = await (oauth)(\.process\w+\([^;]*\));\n$/m,
    `const $1 = await $2\n  $3\n  .catch((error) => error);\nconsole.log($1.error); // "${error}"\n`,
  );
}

/** A code for tokens that are bound to a key: refused at first, then with the server's nonce. */
export const dpopTokens = {
  first: `
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
const params = oauth.validateAuthResponse(as, client, currentUrl, state);
const redeem = async () => {
  const response = await oauth.authorizationCodeGrantRequest(
    as, client, clientAuth, params, redirectUri, codeVerifier, { ...options, DPoP },
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
};
const first = await redeem().catch((error) => error);
console.log(oauth.isDPoPNonceError(first)); // true
`,
  second: `
const tokens = await redeem(); // DPoP has remembered the nonce.
`,
};

/** The same code, from somebody who does not know its verifier. */
export const stolenCode = `
const replay = await oauth.authorizationCodeGrantRequest(
  as, client, clientAuth, params, redirectUri, oauth.generateRandomCodeVerifier(), options,
);
const refused = await oauth
  .processAuthorizationCodeResponse(as, client, replay)
  .catch((error) => error);
console.log(refused.error); // "invalid_grant"
`;

/** A server asks about the token. */
export function introspectCode(server: DemoClient, name: string): string {
  const { client_id, token_endpoint_auth_method: method } = server;
  return `
const ${name}Server = { client_id: ${js(client_id)} };
const ${name}Auth = ${authentications[method]?.(secretName(server))};
const ${name}Response = await oauth.introspectionRequest(
  as, ${name}Server, ${name}Auth, tokens.access_token, options,
);
const ${name} = await oauth.processIntrospectionResponse(as, ${name}Server, ${name}Response);
console.log(${name});
`;
}
