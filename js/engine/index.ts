// The public API of `authlete-token/engine`.

import { type OnEvent, tell, typeName } from "../boundary.js";
import type { EngineAnswer, EngineExchange, Fetch } from "../client.js";
import { AuthleteError, configError } from "../errors.js";
import type { EngineConfig } from "../generated/config.js";
import type {
  AccessParams,
  AccessVerdict,
  AttestationChallenge,
  AuthorizationCheck,
  AuthorizationCodeParams,
  ExpireResult,
  Introspection,
  IssuedCode,
  PublicJwkSet,
  ServerMetadata,
} from "./calls.js";
import { type TokenEndpoint, tokenEndpoints } from "../local-engine.js";
import { callable, expectOptions } from "../options.js";
import type { Instance } from "../wasm-instance.js";
import { endpointError, FAILED, respond, serverError } from "./answers.js";
import { configText, expectForm, expectText, parametersText } from "./arguments.js";
import { type FetchedDocument, fetchDocument } from "./documents.js";
import { runtime } from "./instance.js";
import type { DurableObjectStorageLike, SqlStorageLike } from "./sql-store.js";
import { storeOf } from "./storage.js";
import type { EngineStore } from "./store.js";
import type { EventDetails } from "../events.js";
import type { EngineEvent } from "./events.js";
import { type EngineTrace, type OnTrace, tellTrace } from "./trace.js";

export type {
  ClientConfig,
  EngineConfig,
  EngineGrantType,
  ServiceConfig,
  SigningJwk,
  SigningJwkSet,
} from "../generated/config.js";
export type {
  AcceptedAccess,
  AcceptedAuthorization,
  AccessParams,
  AccessVerdict,
  ActiveToken,
  AttestationChallenge,
  AuthorizationCheck,
  AuthorizationCodeParams,
  CheckedCodeParams,
  ExpireResult,
  InactiveToken,
  Introspection,
  IssuedCode,
  PublicJwk,
  PublicJwkSet,
  RefusedAccess,
  RefusedAuthorization,
  RequestingClient,
  ServerMetadata,
  TokenConfirmation,
} from "./calls.js";
export type { EngineAnswer, EngineExchange, Fetch } from "../client.js";
export type { EngineEvent, PlatformFailedEvent } from "./events.js";
export type { EngineCheck, EngineCheckName, EngineTrace } from "./trace.js";
export type { EventDetails, TrapEvent } from "../events.js";
export { AuthleteError } from "../errors.js";
export type { AuthleteErrorCode, AuthleteErrorDetails } from "../errors.js";
export type { DurableObjectStorageLike, SqlCursorLike, SqlStorageLike } from "./sql-store.js";
export type {
  EngineStore,
  StoreConsume,
  StoredRecord,
  StoreDelete,
  StoreInsert,
  StoreReplace,
  StoreWrite,
} from "./store.js";

/**
 * The options of {@link createEngine}. Setting one to `undefined` is the same as leaving it out.
 */
export interface EngineOptions {
  /**
   * Where the engine keeps its state: `ctx.storage` of a Durable Object with SQLite (or only its
   * `sql`), another SQLite database, or your own store. Each step is written completely or not at
   * all, and is durable before the answer is given. If left out, the state is kept in memory and
   * lost when the process ends.
   */
  readonly storage?: DurableObjectStorageLike | SqlStorageLike | EngineStore | undefined;
  /**
   * Returns the current time, in milliseconds since the Unix epoch. Default: `Date.now`, looked up
   * at each call, so that fake timers (Vitest, Jest) apply to the engine too.
   */
  readonly now?: (() => number) | undefined;
  /**
   * Whether requests remove what has expired. If so, about every tenth one removes some of it, more
   * than was written since the last time. Set it to `false` if you call {@link Engine.expire}
   * regularly: then no request does, and without those calls the storage grows forever. Default:
   * `true`.
   */
  readonly sweep?: boolean | undefined;
  /**
   * Used instead of the runtime's `fetch`, which is looked up at each call, for the keys of clients
   * with `jwks_uri`. Nothing else is fetched, and only addresses from the configuration. It is
   * called with a URL and `method`, `headers`, `redirect: "manual"` and `signal`; the answer's
   * status must be 200. The requests carry no credentials.
   *
   * While the keys of a client can't be fetched and none are known, its requests are answered with
   * 503: by `handleTokenRequest` with the error `temporarily_unavailable`, and to an
   * `AuthleteClient` as `ERR_AUTHLETE_HTTP_STATUS`.
   */
  readonly fetch?: Fetch | undefined;
  /**
   * Called when the storage, the cryptography, a fetch, the random source or the clock fails, and
   * when WebAssembly traps; what was thrown is in the second argument. Anything that `onEvent`
   * throws is ignored.
   */
  readonly onEvent?: ((event: EngineEvent, details: EventDetails) => void) | undefined;
  /**
   * Called once for each call of the engine, when it ends and before its promise is fulfilled, with
   * what the engine has checked, in order: for development, demos and support. With the engine as
   * the option `engine` of an `AuthleteClient`, that is directly before the `exchange` event of the
   * same call. Anything that `onTrace` throws is ignored. Without it, nothing is noted.
   *
   * A trace holds no secret: no token, code, credential or value of a request. But a refusal has
   * the result code for the operator, which may say more than an OAuth client may learn.
   * @example
   * const engine = await createEngine(config, {
   *   onTrace({ operation, checks }) {
   *     const refused = checks.filter(({ outcome }) => outcome === "refused");
   *     console.log(operation, checks.length, refused.at(-1)?.resultMessage ?? "");
   *   },
   * });
   */
  readonly onTrace?: ((trace: EngineTrace) => void) | undefined;
}

/**
 * The embedded engine: Authlete's four token-endpoint APIs, answered locally.
 *
 * Every method that does not answer a `Request` may reject with an {@link AuthleteError}:
 * `ERR_AUTHLETE_HTTP_STATUS` with `status` 500 when the storage or the platform's cryptography
 * fails, `ERR_AUTHLETE_CONFIG` when `now` does not return a time, `ERR_AUTHLETE_WASM_TRAP` after a
 * trap.
 */
export interface Engine extends EngineExchange {
  /**
   * Answers an HTTP request to one of the four APIs as Authlete does. The promise is fulfilled for
   * every request, whatever it contains. An `AuthleteClient` needs no HTTP: give it the engine
   * itself, as its option `engine`.
   *
   * For an invalid code, refresh token or ticket, `resultCode` and `resultMessage` say whether it
   * has expired, has been used before, or is unknown; the answer for the OAuth client
   * (`responseContent`) is the same in all three cases. One that was revoked, that belongs to
   * another client, or that expired so long ago that its record has been removed, is also unknown.
   *
   * See [Authlete's API](https://docs.authlete.com/en/shared/latest).
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a `Request`.
   */
  fetch(request: Request): Promise<Response>;
  /**
   * Answers one call of the four APIs without HTTP, for the option `engine` of an `AuthleteClient`:
   * a `POST` of JSON to `path`. The answer is that of {@link Engine.fetch}, and the promise is
   * fulfilled for every call, too. All arguments and results are plain data, so that a Durable
   * Object can pass this method on to its callers.
   * @param path The path, such as `/api/1/auth/token`.
   * @param authorization The `Authorization` header: `Bearer` and the bearer of the service.
   * @param body The JSON text of the request, 1 048 576 characters at most.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a string.
   * @example
   * // The class of the Durable Object. In the worker: new AuthleteClient({ serviceId, bearer, engine: stub })
   * exchange(path: string, authorization: string, body: string) {
   *   return this.engine.exchange(path, authorization, body);
   * }
   */
  exchange(path: string, authorization: string, body: string): Promise<EngineAnswer>;
  /**
   * Takes the place of the authorization endpoint: issues a code for what the user authorized (RFC
   * 6749 §4.1.2).
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID`, naming the parameter; see
   * {@link Engine} for the other errors.
   */
  issueAuthorizationCode(params: AuthorizationCodeParams): Promise<IssuedCode>;
  /**
   * Checks an authorization request (RFC 6749 §4.1.1, OpenID Connect Core 1.0 §3.1.2): the client
   * and its redirect URI, PKCE, scopes, resources, and what the engine does not support. A request
   * that is wrong is not an error of this method, but a {@link RefusedAuthorization}. Nothing is
   * written; {@link Engine.issueAuthorizationCode} checks again what the code depends on.
   * @param parameters The parameters as the browser sent them: the query of a GET, the form of a
   * POST (RFC 6749 §3.1), 65 536 bytes at most. A leading `?` is ignored.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is neither a string
   * nor a `URLSearchParams`; see {@link Engine} for the other errors.
   * @example
   * const checked = await engine.checkAuthorization(new URL(request.url).search);
   * if (!checked.accepted) return refuse(checked); // Without a redirect_uri: show a page.
   * // Log the user in, and ask for consent to `checked.scopes`. Then:
   * const { code } = await engine.issueAuthorizationCode({ ...checked.code, subject: "user-1" });
   */
  checkAuthorization(parameters: string | URLSearchParams): Promise<AuthorizationCheck>;
  /**
   * Returns the state of an access token (RFC 7662 §2.2). A protected resource that has the request
   * itself uses {@link Engine.verifyAccess}, which also checks what the token is bound to.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a string;
   * see {@link Engine} for the other errors.
   */
  introspect(token: string): Promise<Introspection>;
  /**
   * Checks a request to a protected resource, such as the UserInfo endpoint: whether its access
   * token is active, and whether its sender may use it (RFC 6750 §2.1). A token that is bound to a
   * DPoP key needs the scheme `DPoP` and a proof of that key for this request and this token (RFC
   * 9449 §7); any other one needs the scheme `Bearer`. A proof can be used once.
   *
   * Parameters and result are plain data, so that a Durable Object can pass this method on. It does
   * not judge scopes and resources: `token.scope` and `token.aud` say what the token is for.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID`, naming the parameter; see
   * {@link Engine} for the other errors.
   * @example
   * const [, scheme, token] = /^(\S+) +(\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
   * if (!scheme || !token) return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer, DPoP" } });
   * const htu = ORIGIN + new URL(request.url).pathname; // Not the host of the request: its sender chooses that.
   * const verdict = await engine.verifyAccess({ token, scheme, dpop: request.headers.get("dpop"), htm: request.method, htu });
   * const headers = new Headers(verdict.dpopNonce ? { "dpop-nonce": verdict.dpopNonce } : {});
   * if (!verdict.accepted) {
   *   headers.set("www-authenticate", verdict.challenge);
   *   return new Response(null, { status: 401, headers });
   * }
   * return Response.json({ sub: verdict.token.sub }, { headers });
   */
  verifyAccess(params: AccessParams): Promise<AccessVerdict>;
  /**
   * Revokes a token and all other tokens of its grant (RFC 7009). An unknown token is not an error.
   * To end a login, revoke its refresh token: an access token that has expired, or that a refresh
   * has ended, ends nothing.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a string;
   * see {@link Engine} for the other errors.
   */
  revoke(token: string): Promise<void>;
  /**
   * Returns a challenge for the proofs beside client attestations: the answer of the challenge
   * endpoint (OAuth 2.0 Attestation-Based Client Authentication, draft 08, §7), which the service's
   * `challengeEndpoint` names. Answer a POST there with it, uncacheable. It is good for the
   * service's `attestationChallengeTimeWindow` at least, for any number of proofs.
   * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` if the service has no `challengeEndpoint`; see
   * {@link Engine} for the other errors.
   * @example
   * const challenge = await engine.attestationChallenge();
   * return Response.json(challenge, { headers: { "cache-control": "no-store" } });
   */
  attestationChallenge(): Promise<AttestationChallenge>;
  /**
   * Removes expired records from the storage: codes, tokens, and what belongs to them. They have no
   * effect any more, but take space. Meant for a Durable Object's `alarm()`, a scheduled job or a
   * timer, with the option `sweep: false`.
   *
   * A call removes 10,000 records at most, so that requests need not wait for long (some 50 ms);
   * `more` in the result says whether to call again soon. Calls at the same time do no harm.
   * @throws {AuthleteError} See {@link Engine}; when the storage fails, `onEvent` also receives a
   * `platform_failed` event with the failure `store_expire`.
   * @example
   * // In a Durable Object:
   * async alarm() {
   *   const { more } = await engine.expire();
   *   await this.ctx.storage.setAlarm(Date.now() + (more ? 0 : 3_600_000));
   * }
   */
  expire(): Promise<ExpireResult>;
  /** Returns the public signing keys (RFC 7517 §5). */
  jwks(): Promise<PublicJwkSet>;
  /** Returns the authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0). */
  metadata(): Promise<ServerMetadata>;
  /**
   * Answers a request to the introspection endpoint (RFC 7662): a complete HTTP endpoint for
   * protected resources. The promise is fulfilled for every request, whatever it contains.
   *
   * Only clients with `resource_identifiers` may introspect, by their own authentication. The
   * answer is that of {@link Engine.introspect}, with two differences: a token for other resources
   * is not active, and `aud` has only the client's own identifiers. A token that is bound to no
   * resource is active, without `aud`, since OAuth clients that don't know RFC 8707 name none;
   * whether it is good enough is for the protected resource to decide.
   *
   * The endpoint must be reached over TLS (RFC 7662 §4), and the answers carry no CORS headers:
   * both are up to your server.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a `Request`.
   */
  handleIntrospectionRequest(request: Request): Promise<Response>;
  /**
   * Answers a request to the revocation endpoint (RFC 7009): a complete HTTP endpoint for OAuth
   * clients, public ones included. The promise is fulfilled for every request, whatever it
   * contains.
   *
   * A client may revoke its own tokens only: access tokens and refresh tokens, with all other
   * tokens of the same grant. The answer to a token that is no longer valid, or is unknown, is 200,
   * too; to one of another client, it is the error `invalid_grant`. To end a login, a client
   * revokes its refresh token: an access token that a refresh has ended ends nothing.
   *
   * The endpoint must be reached over TLS (RFC 7009 §2), and the answers carry no CORS headers:
   * both are up to your server.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a `Request`.
   */
  handleRevocationRequest(request: Request): Promise<Response>;
}

/**
 * Starts an embedded engine.
 *
 * It is for development, tests, demos and small self-contained deployments; at scale, the same code
 * runs against Authlete's service.
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG`, naming the path of the member that is missing,
 * wrong, unknown or not supported; `ERR_AUTHLETE_HTTP_STATUS` with `status` 500 when the storage or
 * the platform's cryptography fails; `ERR_AUTHLETE_NOT_INITIALIZED` when the WebAssembly module
 * can't be loaded.
 * @example
 * const config = { service: { serviceId: "1", bearer: "dev", issuer: "http://localhost:8787" }, clients: [] };
 * const engine = await createEngine(config); // The state is in memory, and is lost when the process ends.
 * // In a Durable Object with SQLite, the state is durable: `ctx.storage` is the object's storage.
 * const durable = await createEngine(config, { storage: ctx.storage });
 */
export async function createEngine(
  config: EngineConfig,
  options: EngineOptions = {},
): Promise<Engine> {
  const {
    storage,
    now,
    sweep = true,
    fetch,
    onEvent,
    onTrace,
  } = expectOptions("", options, [
    "storage",
    "now",
    "sweep",
    "fetch",
    "onEvent",
    "onTrace",
  ]) as EngineOptions;
  if (typeof sweep !== "boolean") throw configError("sweep", "expected a boolean");
  const injected = callable<Fetch>("fetch", fetch);
  const traced = callable<OnTrace>("onTrace", onTrace);
  const engine = new RunningEngine(configText(config), {
    store: storeOf(storage),
    // Looked up at each call: fake timers may replace `Date.now` later.
    now: callable<() => number>("now", now) ?? (() => Date.now()),
    sweep,
    fetch: (url) => fetchDocument(injected, url),
    onEvent: callable<OnEngineEvent>("onEvent", onEvent),
    traced: traced !== undefined,
    trace: (json) => traced && tellTrace(traced, json),
  });
  await engine.start();
  return engine;
}

/**
 * Replaces an engine that could not be started, so that its callers learn why: `fetch` answers 500
 * as Authlete does, with the reason as `resultMessage`, which is then in the error that an
 * `AuthleteClient` rejects with; the other methods reject with the error itself. OAuth clients of
 * `handleTokenRequest` do not get the reason, and neither do those of the two other endpoints:
 * their answer is 500 with the error `server_error`.
 *
 * The reason is the message of an {@link AuthleteError}, which names members of the configuration
 * but no values; for any other error, it is the name of the error's type. Make this engine
 * available to your own `AuthleteClient` only: without an accepted configuration there is no bearer
 * to check, so `fetch` answers every caller.
 *
 * @throws Nothing itself; every method that does not answer a `Request` rejects with `error`.
 * @example
 * const engine = createEngine(config).catch(failedEngine);
 */
export function failedEngine(error: unknown): Engine {
  const reason = error instanceof AuthleteError ? error.message : typeName(error);
  const fail = () => Promise.reject(error);
  return {
    fetch: async () => respond(serverError(`The engine could not be started: ${reason}`)),
    exchange: async () => serverError(`The engine could not be started: ${reason}`),
    issueAuthorizationCode: fail,
    checkAuthorization: fail,
    introspect: fail,
    verifyAccess: fail,
    revoke: fail,
    attestationChallenge: fail,
    expire: fail,
    jwks: fail,
    metadata: fail,
    handleIntrospectionRequest: async () => endpointError(),
    handleRevocationRequest: async () => endpointError(),
  };
}

let lastNumber = 0;

/**
 * Frees an engine, and its store, when nothing refers to it any more. In runtimes without
 * FinalizationRegistry, an engine lives as long as its isolate.
 */
const dropped =
  globalThis.FinalizationRegistry &&
  new FinalizationRegistry((number: number) => runtime.tell("engine_close", number));

type OnEngineEvent = (event: EngineEvent, details: EventDetails) => void;

/** What JavaScript provides to Rust: `JsPlatform` of `src/wasm/engine/platform.rs`. */
interface EnginePlatform {
  readonly store: EngineStore;
  readonly now: () => number;
  readonly sweep: boolean;
  readonly fetch: (url: string) => Promise<FetchedDocument>;
  readonly onEvent: OnEngineEvent | undefined;
  readonly traced: boolean;
  readonly trace: (json: string) => void;
}

class RunningEngine implements Engine {
  readonly #config: string;
  readonly #platform: EnginePlatform;
  readonly #number = ++lastNumber;
  /**
   * The instances in which this engine is open. In one that replaces a full or trapped one, it is
   * not.
   */
  readonly #openIn = new WeakSet<Instance>();
  /** The signing keys as imported by the platform. They outlive the instances. */
  #keys: unknown;

  constructor(config: string, platform: EnginePlatform) {
    this.#config = config;
    this.#platform = platform;
    dropped?.register(this, this.#number);
    tokenEndpoints.set(this, this.#tokenEndpoint);
  }

  /** Checks the configuration, and gets the signing keys. */
  async start(): Promise<void> {
    // The engine is open in the instance that starts it. If that fails, nobody gets this object.
    const enter = (instance: Instance): void => void this.#openIn.add(instance);
    const { onEvent } = this.#platform;
    this.#keys = await runtime.invoke(
      "engine_start",
      { operation: "createEngine", onEvent, enter },
      this.#number,
      this.#config,
      this.#platform,
    );
  }

  async fetch(request: Request): Promise<Response> {
    return this.#answer("fetch", request, () => respond(serverError(FAILED)));
  }

  /** A property, so that it can be passed on without its engine. */
  readonly exchange = async (
    path: string,
    authorization: string,
    body: string,
  ): Promise<EngineAnswer> => {
    expectText("path", path);
    expectText("authorization", authorization);
    expectText("body", body);
    const values = [path, authorization, body];
    const answer = this.#invoke("engine_exchange", "engine.exchange", ...values);
    try {
      return (await answer) as EngineAnswer;
    } catch {
      // As in `#answer`.
      return serverError(FAILED);
    }
  };

  readonly #tokenEndpoint: TokenEndpoint = (call, ...values) => {
    const onEvent = both(this.#platform.onEvent, call.onEvent);
    const started = { ...call, onEvent, enter: this.#enter };
    return runtime.invoke("engine_token_endpoint", started, this.#number, ...values);
  };

  async issueAuthorizationCode(params: AuthorizationCodeParams): Promise<IssuedCode> {
    const json = parametersText(params);
    return { code: await this.#call("issueAuthorizationCode", json) };
  }

  async checkAuthorization(parameters: string | URLSearchParams): Promise<AuthorizationCheck> {
    return JSON.parse(await this.#call("checkAuthorization", expectForm("parameters", parameters)));
  }

  async introspect(token: string): Promise<Introspection> {
    return JSON.parse(await this.#call("introspect", expectText("token", token)));
  }

  async verifyAccess(params: AccessParams): Promise<AccessVerdict> {
    return JSON.parse(await this.#call("verifyAccess", parametersText(params)));
  }

  async revoke(token: string): Promise<void> {
    await this.#call("revoke", expectText("token", token));
  }

  async attestationChallenge(): Promise<AttestationChallenge> {
    return JSON.parse(await this.#call("attestationChallenge", ""));
  }

  async expire(): Promise<ExpireResult> {
    return this.#call<ExpireResult>("expire", "");
  }

  async jwks(): Promise<PublicJwkSet> {
    return JSON.parse(await this.#call("jwks", ""));
  }

  async metadata(): Promise<ServerMetadata> {
    return JSON.parse(await this.#call("metadata", ""));
  }

  async handleIntrospectionRequest(request: Request): Promise<Response> {
    return this.#answer("handleIntrospectionRequest", request, endpointError);
  }

  async handleRevocationRequest(request: Request): Promise<Response> {
    return this.#answer("handleRevocationRequest", request, endpointError);
  }

  async #answer(name: string, request: Request, failed: () => Response): Promise<Response> {
    // Checked here, since it would trap in wasm and cost the instance.
    if (typeof request?.url !== "string")
      throw new AuthleteError("ERR_AUTHLETE_REQUEST_INVALID", "request: expected a Request");
    const answer = this.#invoke("engine_fetch", `engine.${name}`, name, request);
    try {
      return (await answer) as Response;
    } catch {
      // A trap, or a failing clock: the engine could not answer. `onEvent` has received the reason.
      return failed();
    }
  }

  #call<T = string>(name: string, argument: string): Promise<T> {
    return this.#invoke("engine_call", `engine.${name}`, name, argument) as Promise<T>;
  }

  #invoke(start: string, operation: string, ...values: unknown[]): Promise<unknown> {
    const { onEvent } = this.#platform;
    return runtime.invoke(
      start,
      { operation, onEvent, enter: this.#enter },
      this.#number,
      ...values,
    );
  }

  /**
   * Opens the engine in an instance that does not know it. Synchronous, so that a burst of calls
   * that needs many instances does not wait for any of them.
   */
  readonly #enter = (instance: Instance): void => {
    if (this.#openIn.has(instance)) return;
    (instance.exports.engine_open as (...values: unknown[]) => void)(
      this.#number,
      this.#config,
      this.#platform,
      this.#keys,
    );
    this.#openIn.add(instance);
  };
}

/** Tells the engine's `onEvent` of a trap as well as the endpoint's. */
function both(first: OnEvent | undefined, second: OnEvent | undefined): OnEvent | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (event, details) => {
    tell(first, event, details);
    return second(event, details);
  };
}
