// What the worker runs with: its variables, the mode they select, and the configuration of the embedded engine.
import type { EngineConfig } from "authlete-token/engine";
import demo from "./demo-config.json";
import type { EngineObject } from "./engine-object";

/** The worker's bindings. All variables are optional. */
export interface Env {
  readonly ENGINE: DurableObjectNamespace<EngineObject>;
  /** "1" only under `npm start`: switches on the demo login and the demo users. Never set it on a deployed worker. */
  readonly DEMO?: string;
  /** The issuer of the built-in configuration; left out, the origin of the request. */
  readonly ISSUER?: string;
  /**
   * Replaces the built-in service, clients and users: a JSON variable, or a secret with the JSON text. With an Authlete server
   * only its `users` count.
   */
  readonly CONFIG?: Config | string;
  /** The three that select an Authlete server. */
  readonly AUTHLETE_SERVER_URL?: string;
  readonly AUTHLETE_SERVICE_ID?: string;
  readonly AUTHLETE_BEARER?: string;
  /** Milliseconds that one call to the Authlete server may take. */
  readonly AUTHLETE_TIMEOUT_MS?: string;
}

/** The engine's configuration, and the users that this example adds to it. */
export type Config = EngineConfig & { readonly users?: readonly User[] };

/** The members of a registered client that the authorization endpoint and the demo client read (RFC 7591 §2). */
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

/** Whether an Authlete server answers, and not the embedded engine. One variable is enough: half a set must fail, not fall back. */
export function usesAuthlete(env: Env): boolean {
  return Boolean(env.AUTHLETE_SERVER_URL || env.AUTHLETE_SERVICE_ID || env.AUTHLETE_BEARER);
}

/** Whether the demo's login pages and users are on: under `npm start` with the embedded engine. */
export function isDemo(env: Env): boolean {
  return env.DEMO === "1" && !usesAuthlete(env);
}

/** The issuer: the configuration's, else the one that `npm start` passed, else the origin of the request. */
export function issuerOf(env: Env, request: Request): string {
  return givenConfig(env)?.service.issuer ?? env.ISSUER ?? new URL(request.url).origin;
}

/** The engine's configuration for `issuer`. */
export function configOf(env: Env, issuer: string): Config {
  return givenConfig(env) ?? at(issuer);
}

/** The users who may log in or use the password grant; the built-in ones only in the demo. */
export function usersOf(env: Env): readonly User[] {
  return givenConfig(env)?.users ?? (isDemo(env) ? demo.users : []);
}

/** The registered clients. */
export function clientsOf(config: Config): readonly Client[] {
  return config.clients ?? [];
}

/** The scopes that the service knows; without a list, the engine takes these two and those of its clients. */
export function scopesOf(config: Config): readonly string[] {
  return config.service.supportedScopes ?? ["openid", "profile", ...clientsOf(config).flatMap(({ scope }) => scope?.split(" ") ?? [])];
}

/** The configuration of the variable CONFIG. */
function givenConfig(env: Env): Config | undefined {
  if (typeof env.CONFIG !== "string") return env.CONFIG;
  try {
    return JSON.parse(env.CONFIG);
  } catch {
    // The parser's own message would quote the text, which holds secrets.
    throw new Error("the variable CONFIG is not JSON");
  }
}

/** The built-in configuration, moved to another issuer. */
function at(issuer: string): Config {
  const config = demo as Config;
  const moved = (uri: string) => uri.replace(demo.service.issuer, issuer);
  const movedClient = (client: Client) => (client.redirect_uris === undefined ? client : { ...client, redirect_uris: client.redirect_uris.map(moved) });
  return { ...config, service: { ...config.service, issuer }, clients: clientsOf(config).map(movedClient) };
}
