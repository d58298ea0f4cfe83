// The demo client's side of the authorization code grant: what it stores in the browser, and the
// requests that it sends.
import type { Client } from "./config";
import { cookie, randomText, setCookie } from "./http";
import { baseOf, pathOf } from "./issuer";
import { base64url, basicCredentials } from "./notations";

/** What the client needs when the browser comes back. */
export interface Login {
  readonly clientId: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const cookieName = "demo_login";
const playable = ["client_secret_basic", "client_secret_post", "none"];

/**
 * A client whose part this page can play: its redirect URI leads here, it is public or
 * authenticates with a secret, and its tokens are bound to nothing.
 */
export interface LoginClient {
  readonly client: Client;
  /** Its redirect URI that leads to this page. */
  readonly redirectUri: string;
}

/**
 * The clients whose part this page can play: those with `/callback` as a redirect URI, preferably
 * at the origin of `request`, else at the issuer.
 */
export function loginClients(
  clients: readonly Client[],
  issuer: string,
  request?: Request,
): LoginClient[] {
  const bases = [
    ...(request ? [`${new URL(request.url).origin}${pathOf(issuer)}`] : []),
    baseOf(issuer),
  ];
  return clients.flatMap((client) => {
    // This page has neither a DPoP key nor a certificate.
    if (client.dpop_bound_access_tokens || client.tls_client_certificate_bound_access_tokens)
      return [];
    const redirectUri = bases
      .map((base) => `${base}/callback`)
      .find((uri) => client.redirect_uris?.includes(uri));
    return redirectUri !== undefined &&
      playable.includes(client.token_endpoint_auth_method ?? "client_secret_basic")
      ? [{ client, redirectUri }]
      : [];
  });
}

/**
 * Starts a login: the address to go to, and the cookie that stores the login for ten minutes. It
 * asks for every scope that the client may have, so that the page has something to show.
 */
export async function startLogin(
  request: Request,
  issuer: string,
  { client, redirectUri }: LoginClient,
  scope: string,
): Promise<{ location: string; cookie: string }> {
  const login: Login = {
    clientId: client.client_id,
    state: randomText(),
    nonce: randomText(),
    verifier: randomText(),
  };
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope,
    state: login.state,
    nonce: login.nonce,
    code_challenge: base64url(
      await crypto.subtle.digest("SHA-256", new TextEncoder().encode(login.verifier)),
    ),
    code_challenge_method: "S256",
  });
  const value = base64url(new TextEncoder().encode(JSON.stringify(login)));
  return {
    location: `${pathOf(issuer)}/authorize?${query}`,
    cookie: setCookie(request, cookieName, value, `${pathOf(issuer)}/callback`, 600),
  };
}

/** The login that this browser started, if any. */
export function rememberedLogin(request: Request): Login | undefined {
  const value = cookie(request, cookieName);
  if (value === undefined) return undefined;
  try {
    return decodeJson(value) as unknown as Login;
  } catch {
    return undefined;
  }
}

/** The cookie that ends a login: each login gives only one code. */
export function forgetLogin(request: Request, issuer: string): string {
  return setCookie(request, cookieName, "", `${pathOf(issuer)}/callback`, 0);
}

/** A token request as the client would send it over the network, with its own authentication. */
export function tokenRequest(
  issuer: string,
  client: Client,
  parameters: Record<string, string>,
): Request {
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
  const body = new URLSearchParams(parameters);
  const method = client.token_endpoint_auth_method ?? "client_secret_basic";
  if (method === "client_secret_basic") {
    headers.set("authorization", basicCredentials(client.client_id, client.client_secret ?? ""));
  } else {
    body.set("client_id", client.client_id);
    if (method === "client_secret_post") body.set("client_secret", client.client_secret ?? "");
  }
  return new Request(`${baseOf(issuer)}/token`, { method: "POST", headers, body: body.toString() });
}

/**
 * The claims of an ID token that came straight from the token endpoint, checked as OpenID Connect
 * Core §3.1.3.7 requires. Its signature then needs no check (point 6). A string says what is wrong.
 */
export function idTokenClaims(
  idToken: string,
  expected: { issuer: string; clientId: string; nonce?: string },
): Record<string, unknown> | string {
  let claims: Record<string, unknown>;
  try {
    claims = decodeJson(idToken.split(".")[1] ?? "");
  } catch {
    return "The ID token is not a JWT that can be decoded.";
  }
  if (claims.iss !== expected.issuer) return "The ID token has another issuer (iss).";
  if (![claims.aud].flat().includes(expected.clientId))
    return "The ID token is for another client (aud).";
  if (typeof claims.exp !== "number" || claims.exp * 1000 < Date.now())
    return "The ID token has expired (exp).";
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce)
    return "The ID token belongs to another login (nonce).";
  return claims;
}

function decodeJson(text: string): Record<string, unknown> {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}
