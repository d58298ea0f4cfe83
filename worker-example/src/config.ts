// What the worker runs with: its variables, the mode they select, and the configuration of the
// embedded engine.
import type { EngineConfig } from "authlete-token/engine";
import demo from "./demo-config.json";
import { baseOf } from "./issuer";

/** The worker's variables. All are optional. */
export interface Env {
  /**
   * "1" on a developer's machine only, as under `npm start`: switches on the demo login and the
   * built-in service, clients and users.
   */
  readonly DEMO?: string;
  /**
   * The issuer of the built-in configuration; with an Authlete server, the URL with which this
   * worker's addresses begin. By default, the origin of the request.
   */
  readonly ISSUER?: string;
  /**
   * Replaces the built-in service, clients and users: a JSON variable, or a secret with the JSON
   * text. With an Authlete server only its `users` are used.
   */
  readonly CONFIG?: Config | string;
  /** These three select an Authlete server. */
  readonly AUTHLETE_SERVER_URL?: string;
  readonly AUTHLETE_SERVICE_ID?: string;
  readonly AUTHLETE_BEARER?: string;
  /** Milliseconds that one call to the Authlete server may take. */
  readonly AUTHLETE_TIMEOUT_MS?: string;
  /**
   * "1": the token endpoint accepts `http:` URLs of any host, which a development server in front
   * may give local requests.
   */
  readonly ALLOW_INSECURE_REQUESTS?: string;
  /**
   * "cloudflare": clients show certificates to Cloudflare (mutual TLS), which verifies them. If
   * absent, clients have no certificates, but for the demo.
   */
  readonly CLIENT_CERTIFICATE?: string;
}

/** The engine's configuration, and the users that this example adds to it. */
export type Config = EngineConfig & { readonly users?: readonly User[] };

/** The members of a registered client, of which the demo client reads some (RFC 7591 §2). */
export type Client = NonNullable<EngineConfig["clients"]>[number];

/** Someone who can log in. */
export interface User {
  /** The subject: never reassigned, unlike the user name. */
  readonly sub: string;
  readonly username: string;
  readonly password: string;
  /** Standard claims (OpenID Connect Core §5.1) or others, for the UserInfo endpoint. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * Whether an Authlete server answers instead of the embedded engine. One variable is enough: an
 * incomplete set must fail, and not fall back to the engine.
 */
export function usesAuthlete(env: Env): boolean {
  return Boolean(env.AUTHLETE_SERVER_URL || env.AUTHLETE_SERVICE_ID || env.AUTHLETE_BEARER);
}

/**
 * A sentence that names the variables that are missing or wrong, or undefined if the worker can
 * run. Without a configuration it must not fall back to the demo's published secrets.
 */
export function wrongVariables(env: Env): string | undefined {
  // Not ignored: whoever sets it relies on certificates.
  if (env.CLIENT_CERTIFICATE && env.CLIENT_CERTIFICATE !== "cloudflare")
    return 'This worker is not configured: CLIENT_CERTIFICATE can only be "cloudflare".';
  if (usesAuthlete(env)) {
    const missing = (["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"] as const).filter(
      (name) => !env[name],
    );
    return missing.length > 0
      ? `This worker is not configured: to use an Authlete server, also set ${missing.join(" and ")}.`
      : undefined;
  }
  if (env.CONFIG || env.DEMO === "1") return undefined;
  return "This worker is not configured: set AUTHLETE_SERVICE_ID and AUTHLETE_BEARER, or CONFIG, or for development DEMO=1.";
}

/** Whether the demo's login pages and users are on: under `npm start` with the embedded engine. */
export function isDemo(env: Env): boolean {
  return env.DEMO === "1" && !usesAuthlete(env);
}

/**
 * The issuer: that of the configuration, else the variable ISSUER, else the origin of the request.
 */
export function issuerOf(env: Env, request: Request): string {
  const config = usesAuthlete(env) ? undefined : givenConfig(env);
  const issuer =
    config === undefined ? env.ISSUER || new URL(request.url).origin : config.service?.issuer;
  if (URL.canParse(issuer)) return issuer;
  throw new Error(
    config === undefined
      ? "the variable ISSUER is not a URL"
      : "the variable CONFIG: service.issuer is missing or not a URL",
  );
}

/** The engine's configuration for `issuer`. */
export function configOf(env: Env, issuer: string): Config {
  return givenConfig(env) ?? at(issuer);
}

/** Whether the built-in configuration is used, whose secrets and passwords are public. */
export function isBuiltIn(env: Env): boolean {
  return !env.CONFIG;
}

/** The users who may log in or use the password grant; the built-in ones only in the demo. */
export function usersOf(env: Env): readonly User[] {
  return givenConfig(env)?.users ?? (isDemo(env) ? demo.users : []);
}

/** The registered clients. */
export function clientsOf(config: Config): readonly Client[] {
  return config.clients ?? [];
}

/** The configuration of the variable CONFIG. */
function givenConfig(env: Env): Config | undefined {
  if (env.CONFIG === undefined || env.CONFIG === "") return undefined;
  let config: unknown = env.CONFIG;
  try {
    if (typeof config === "string") config = JSON.parse(config);
  } catch {
    // The parser's own message may quote the text, which holds secrets.
    throw new Error("the variable CONFIG is not JSON");
  }
  if (typeof config !== "object" || config === null)
    throw new Error("the variable CONFIG is not a JSON object");
  return config as Config;
}

/**
 * The built-in configuration with another issuer, and with the addresses below it. If that is on
 * localhost, the redirect URI on 127.0.0.1 changes in the same way.
 */
function at(issuer: string): Config {
  const config = demo as Config;
  const base = baseOf(issuer);
  const loopback = (uri: string) =>
    uri.replace(/^http:\/\/localhost(?=[:/]|$)/, "http://127.0.0.1");
  const moves = [[demo.service.issuer, base]];
  if (loopback(base) !== base) moves.push([loopback(demo.service.issuer), loopback(base)]);
  const moved = (uri: string) => {
    const [from, to] = moves.find(([from]) => from !== undefined && uri.startsWith(from)) ?? [];
    return from === undefined ? uri : `${to}${uri.slice(from.length)}`;
  };
  const movedClient = (client: Client) =>
    client.redirect_uris === undefined
      ? client
      : { ...client, redirect_uris: client.redirect_uris.map(moved) };
  const { challengeEndpoint } = config.service;
  return {
    ...config,
    service: {
      ...config.service,
      issuer,
      ...(challengeEndpoint && { challengeEndpoint: moved(challengeEndpoint) }),
    },
    clients: clientsOf(config).map(movedClient),
  };
}
