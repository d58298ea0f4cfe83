// Reads and checks an authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2). The
// result says whether the browser may be sent back to the client, and with which error, if any.
import { type Client, type Config, clientsOf, scopesOf } from "./config";

/** Where an answer is sent: known only after the client and its redirect URI have been checked. */
export interface ReturnAddress {
  readonly client: Client;
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** A valid request: the user may be asked for consent. */
export interface AuthorizationRequest extends ReturnAddress {
  /** The request's own redirect URI: the token request must repeat it (RFC 6749 §4.1.3). */
  readonly sentRedirectUri: string | undefined;
  readonly scopes: readonly string[];
  readonly prompts: readonly string[];
  readonly loginHint: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly codeChallengeMethod: string | undefined;
  readonly dpopJkt: string | undefined;
  readonly resources: readonly string[];
  readonly authorizationDetails: unknown[] | undefined;
}

/** An error for the client, sent through the browser (RFC 6749 §4.1.2.1). */
export interface ClientError {
  readonly error: string;
  readonly description: string;
}

export type Checked =
  /** Must not be redirected: the client or its redirect URI is not registered. */
  | { readonly kind: "page"; readonly message: string }
  | ({ readonly kind: "error"; readonly to: ReturnAddress } & ClientError)
  | { readonly kind: "ok"; readonly request: AuthorizationRequest };

/** The parameters of the request that the login form contains. */
export const parameterNames = [
  "response_type",
  "response_mode",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "nonce",
  "prompt",
  "max_age",
  "login_hint",
  "code_challenge",
  "code_challenge_method",
  "dpop_jkt",
  "resource",
  "authorization_details",
  "request",
  "request_uri",
  "registration",
] as const;

/** Checks the request against the registered clients. */
export function checkAuthorizationRequest(parameters: URLSearchParams, config: Config): Checked {
  // A parameter without a value counts as absent, but may not be repeated either (RFC 6749 §3.1).
  const one = (name: string) => parameters.getAll(name).find((value) => value !== "");
  const repeated = (name: string) => name !== "resource" && parameters.getAll(name).length > 1;
  const page = (message: string): Checked => ({ kind: "page", message });

  if (repeated("client_id") || repeated("redirect_uri"))
    return page("The parameter client_id or redirect_uri appears more than once.");
  const client = clientsOf(config).find(({ client_id }) => client_id === one("client_id"));
  if (client === undefined)
    return page("The client_id of the request is missing or is not registered here.");
  const sentRedirectUri = one("redirect_uri");
  const redirectUri = redirectUriFor(client, sentRedirectUri);
  if (redirectUri === undefined)
    return page(
      "The redirect_uri of the request is not registered for this client, or it is missing and the client does not have exactly one.",
    );

  const to = { client, redirectUri, state: repeated("state") ? undefined : one("state") };
  const twice = parameterNames.find(repeated);
  const wrong =
    twice === undefined
      ? firstError(one, client, config, parameters.getAll("resource"))
      : invalid(`The parameter ${twice} appears more than once.`);
  if (wrong !== undefined) return { kind: "error", to, ...wrong };

  // Scopes that the service does not know are ignored (OpenID Connect Core §3.1.2.1).
  const known = words(one("scope")).filter((scope) => scopesOf(config).includes(scope));
  const details = one("authorization_details");
  return {
    kind: "ok",
    request: {
      ...to,
      sentRedirectUri,
      scopes: known,
      prompts: words(one("prompt")),
      loginHint: one("login_hint"),
      nonce: one("nonce"),
      codeChallenge: one("code_challenge"),
      codeChallengeMethod: one("code_challenge_method"),
      dpopJkt: one("dpop_jkt"),
      resources: parameters.getAll("resource").filter((value) => value !== ""),
      authorizationDetails: details === undefined ? undefined : JSON.parse(details),
    },
  };
}

/**
 * The redirect URI of the request, if it is registered: compared byte for byte, except that a
 * native app's loopback address may have any port (RFC 8252 §7.3). If the request has none, it is
 * the client's only one (RFC 6749 §3.1.2.3).
 */
function redirectUriFor(client: Client, sent: string | undefined): string | undefined {
  const registered: readonly string[] = client.redirect_uris ?? [];
  if (sent === undefined) return registered.length === 1 ? registered[0] : undefined;
  if (!URL.canParse(sent)) return undefined;
  if (registered.includes(sent)) return sent;
  const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?=[/?]|$)/;
  const portless = (uri: string) =>
    loopback.test(uri) ? uri.replace(loopback, "http://$1") : undefined;
  return registered.some((uri) => portless(uri) !== undefined && portless(uri) === portless(sent))
    ? sent
    : undefined;
}

/** The first error in a request whose client and redirect URI are valid. */
function firstError(
  one: (name: string) => string | undefined,
  client: Client,
  config: Config,
  resources: readonly string[],
): ClientError | undefined {
  for (const name of ["request", "request_uri", "registration"]) {
    if (one(name) !== undefined)
      return {
        error: `${name}_not_supported`,
        description: `The parameter ${name} is not supported.`,
      };
  }
  const responseType = one("response_type");
  if (responseType === undefined) return invalid("The parameter response_type is missing.");
  if (responseType !== "code")
    return { error: "unsupported_response_type", description: "The response_type must be code." };
  if (!(client.grant_types ?? ["authorization_code"]).includes("authorization_code")) {
    return {
      error: "unauthorized_client",
      description: "The client is not registered for the grant type authorization_code.",
    };
  }
  if ((one("response_mode") ?? "query") !== "query")
    return invalid("The response_mode must be query.");

  const { service } = config;
  const scopes = words(one("scope"));
  const allowed = words(client.scope);
  const forbidden = scopes.some(
    (scope) =>
      scopesOf(config).includes(scope) && client.scope !== undefined && !allowed.includes(scope),
  );
  if (forbidden)
    return {
      error: "invalid_scope",
      description: "The client may not request all of these scopes.",
    };
  if (scopes.includes("openid") && one("redirect_uri") === undefined)
    return invalid("OpenID Connect requires the parameter redirect_uri.");

  const prompts = words(one("prompt"));
  if (prompts.includes("none") && prompts.length > 1)
    return invalid("prompt=none must be the only prompt.");
  if (!/^\d{0,9}$/.test(one("max_age") ?? ""))
    return invalid("max_age must be a number of seconds.");
  if (resources.some((uri) => uri !== "" && (!URL.canParse(uri) || uri.includes("#")))) {
    return {
      error: "invalid_target",
      description: "Each resource must be an absolute URI without a fragment.",
    };
  }
  if (!isArrayOrAbsent(one("authorization_details"))) {
    return {
      error: "invalid_authorization_details",
      description: "authorization_details must be a JSON array.",
    };
  }
  return pkceError(one("code_challenge"), one("code_challenge_method"), client, service);
}

/**
 * RFC 7636 §4.4.1. Public clients must use PKCE: nothing else binds the code to them
 * (RFC 9700 §2.1.1).
 */
function pkceError(
  challenge: string | undefined,
  method: string | undefined,
  client: Client,
  service: Config["service"],
): ClientError | undefined {
  if (challenge === undefined) {
    if (method !== undefined) return invalid("code_challenge_method requires a code_challenge.");
    const required = service.pkceRequired === true || client.token_endpoint_auth_method === "none";
    return required ? invalid("The parameter code_challenge is missing.") : undefined;
  }
  if (!/^[\w.~-]{43,128}$/.test(challenge))
    return invalid("The parameter code_challenge is malformed.");
  if (method === "S256" || ((method ?? "plain") === "plain" && service.pkceS256Required === false))
    return undefined;
  return invalid("The code_challenge_method must be S256.");
}

function invalid(description: string): ClientError {
  return { error: "invalid_request", description };
}

function words(text: string | undefined): string[] {
  return [...new Set((text ?? "").split(" ").filter((word) => word !== ""))];
}

function isArrayOrAbsent(text: string | undefined): boolean {
  if (text === undefined) return true;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
