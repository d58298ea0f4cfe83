// The public API of `authlete-token/engine`.

import { typeName } from "../boundary.js";
import { AuthleteError, configError } from "../errors.js";
import type { EngineConfig } from "../generated/config.js";
import type {
  AuthorizationCodeParams,
  Introspection,
  IssuedCode,
  PublicJwkSet,
  ServerMetadata,
} from "./calls.js";
import { callable, expectGiven, expectOptions } from "../options.js";
import type { Instance } from "../wasm-instance.js";
import { runtime } from "./instance.js";
import type { DurableObjectStorageLike, SqlStorageLike } from "./sql-store.js";
import { storeOf } from "./storage.js";
import type { EngineStore } from "./store.js";
import type { EventDetails } from "../events.js";
import type { EngineEvent } from "./events.js";

export type {
  ClientConfig,
  EngineConfig,
  EngineGrantType,
  ServiceConfig,
  SigningJwk,
  SigningJwkSet,
} from "../generated/config.js";
export type {
  ActiveToken,
  AuthorizationCodeParams,
  InactiveToken,
  Introspection,
  IssuedCode,
  PublicJwk,
  PublicJwkSet,
  ServerMetadata,
} from "./calls.js";
export type { EngineEvent, PlatformFailedEvent } from "./events.js";
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

/** The options of {@link createEngine}. Where one may be left out, `undefined` means the same. */
export interface EngineOptions {
  /**
   * Where the state lives: `ctx.storage` of a Durable Object with SQLite (or its `sql` alone),
   * another SQLite, or a store of your own. What it writes is written as a whole or not at all, and
   * durable before an answer is given. Left out, the state lives in memory, and ends with the
   * process.
   */
  readonly storage?: DurableObjectStorageLike | SqlStorageLike | EngineStore | undefined;
  /**
   * The clock, in milliseconds since the Unix epoch. Default: `Date.now`, as it is at each call, so
   * that fake timers (of Vitest, of Jest) move the engine too.
   */
  readonly now?: (() => number) | undefined;
  /**
   * Hears when the storage, the cryptography, the random source or the clock fails a call, and of
   * traps; what was thrown is in the second argument. What `onEvent` throws is ignored.
   */
  readonly onEvent?: ((event: EngineEvent, details: EventDetails) => void) | undefined;
}

/**
 * The embedded engine: Authlete's four token-endpoint APIs, answered locally by OAuth logic.
 *
 * Any method but `fetch` may reject with an {@link AuthleteError}: `ERR_AUTHLETE_HTTP_STATUS` with
 * `status` 500 when the storage or the platform's cryptography fails, `ERR_AUTHLETE_CONFIG` when
 * `now` gives no time, `ERR_AUTHLETE_WASM_TRAP` after a trap.
 */
export interface Engine {
  /**
   * Answers a request to one of the four APIs, as Authlete does on the wire. An `AuthleteClient`
   * reaches it by `fetch: (url, init) => engine.fetch(new Request(url, init))`. Whatever the
   * request holds, the promise is fulfilled.
   *
   * Of a code, a refresh token or a ticket that is no good, `resultCode` and `resultMessage` say
   * whether it has expired, was used before, or is unknown; what the OAuth client is told
   * (`responseContent`) is the same for all three. Unknown is also what was revoked, what belongs
   * to another client, and what expired so long ago that its record has been cleared away.
   *
   * See [Authlete's API](https://docs.authlete.com/en/shared/latest).
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is no `Request`.
   */
  fetch(request: Request): Promise<Response>;
  /**
   * Plays the authorization endpoint's part: gives a code for what the user allowed
   * (RFC 6749 §4.1.2).
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID`, naming the parameter; see
   * {@link Engine} for the others.
   */
  issueAuthorizationCode(params: AuthorizationCodeParams): Promise<IssuedCode>;
  /**
   * What an access token is good for (RFC 7662 §2.2).
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is no string; see
   * {@link Engine} for the others.
   */
  introspect(token: string): Promise<Introspection>;
  /**
   * Ends a token and all others of its grant (RFC 7009). An unknown token is no error.
   * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is no string; see
   * {@link Engine} for the others.
   */
  revoke(token: string): Promise<void>;
  /** The public signing keys (RFC 7517 §5). */
  jwks(): Promise<PublicJwkSet>;
  /** The authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0). */
  metadata(): Promise<ServerMetadata>;
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
 * const engine = await createEngine(config); // The state lives in memory, and ends with the process.
 * // In a Durable Object with SQLite the state is durable: `ctx.storage` is the object's own.
 * const durable = await createEngine(config, { storage: ctx.storage });
 */
export async function createEngine(
  config: EngineConfig,
  options: EngineOptions = {},
): Promise<Engine> {
  const { storage, now, onEvent } = expectOptions("", options, [
    "storage",
    "now",
    "onEvent",
  ]) as EngineOptions;
  const engine = new RunningEngine(text(config), {
    store: storeOf(storage),
    // The clock as it is at each call: fake timers may take its place after this.
    now: callable<() => number>("now", now) ?? (() => Date.now()),
    onEvent: callable<OnEngineEvent>("onEvent", onEvent),
  });
  await engine.start();
  return engine;
}

/**
 * Stands in for an engine that could not be started, so that whoever calls it learns why: `fetch`
 * answers 500 as Authlete does, with the reason as `resultMessage`, which an `AuthleteClient`
 * rejects with; the other methods reject with the error itself. An OAuth client behind
 * `handleTokenRequest` is told nothing of it.
 *
 * The reason is the message of an {@link AuthleteError}, which names members of the configuration
 * and no value; of any other error it is the name of its type. Give it to your own `AuthleteClient`
 * only: where no configuration was accepted there is no bearer to ask for.
 *
 * @throws Nothing by itself: the methods but `fetch` reject with `error`.
 * @example
 * const engine = createEngine(config).catch(failedEngine);
 */
export function failedEngine(error: unknown): Engine {
  const reason = error instanceof AuthleteError ? error.message : typeName(error);
  const fail = () => Promise.reject(error);
  return {
    fetch: async () => serverError(`The engine could not be started: ${reason}`),
    issueAuthorizationCode: fail,
    introspect: fail,
    revoke: fail,
    jwks: fail,
    metadata: fail,
  };
}

/** The answer to a call that the engine has not answered, as Authlete has it. */
function serverError(sentence: string): Response {
  return Response.json(
    { resultCode: "A001101", resultMessage: `[A001101] ${sentence}` },
    { status: 500 },
  );
}

/** The configuration as JSON; a copy, so that later changes of the object have no effect. */
function text(config: EngineConfig): string {
  expectGiven("config", config);
  try {
    const json = JSON.stringify(config);
    if (typeof json === "string") return json;
  } catch {}
  throw configError("config", "can't be written as JSON");
}

let lastNumber = 0;

/**
 * An engine that nobody holds any more is forgotten, with its store; where there is no such
 * registry, an engine lives as long as its isolate.
 */
const dropped =
  globalThis.FinalizationRegistry &&
  new FinalizationRegistry((number: number) => runtime.tell("engine_close", number));

type OnEngineEvent = (event: EngineEvent, details: EventDetails) => void;

/** What Rust is lent: `JsPlatform` of `src/wasm/engine/platform.rs`. */
interface EnginePlatform {
  readonly store: EngineStore;
  readonly now: () => number;
  readonly onEvent: OnEngineEvent | undefined;
}

class RunningEngine implements Engine {
  readonly #config: string;
  readonly #platform: EnginePlatform;
  readonly #number = ++lastNumber;
  /** The instances that know this engine. One that replaces a full or trapped one does not. */
  readonly #openIn = new WeakSet<Instance>();
  /** The signing keys, as the platform has imported them: they outlive every instance. */
  #keys: unknown;

  constructor(config: string, platform: EnginePlatform) {
    this.#config = config;
    this.#platform = platform;
    dropped?.register(this, this.#number);
  }

  /** Judges the configuration, and gets the signing keys. */
  async start(): Promise<void> {
    // Where it starts, it is open; one that fails to start is nobody's.
    const enter = (instance: Instance): void => void this.#openIn.add(instance);
    const { onEvent } = this.#platform;
    this.#keys = await runtime.invoke(
      "engine_start",
      "createEngine",
      onEvent,
      this.#number,
      this.#config,
      this.#platform,
      undefined,
      enter,
    );
  }

  async fetch(request: Request): Promise<Response> {
    // Before it reaches wasm, where it would use the instance up.
    if (typeof request?.url !== "string")
      throw new AuthleteError("ERR_AUTHLETE_REQUEST_INVALID", "request: expected a Request");
    const answer = this.#invoke("engine_fetch", "engine.fetch", request);
    try {
      return (await answer) as Response;
    } catch {
      // A trap, or a clock that fails: the engine has not answered, and says so as Authlete does.
      // `onEvent` has heard why.
      return serverError("Authlete Server error.");
    }
  }

  async issueAuthorizationCode(params: AuthorizationCodeParams): Promise<IssuedCode> {
    let json: string | undefined;
    try {
      json = JSON.stringify(params);
    } catch {}
    if (json === undefined)
      throw new AuthleteError(
        "ERR_AUTHLETE_REQUEST_INVALID",
        "the parameters can't be written as JSON",
      );
    return { code: await this.#call("issueAuthorizationCode", json) };
  }

  async introspect(token: string): Promise<Introspection> {
    return JSON.parse(await this.#call("introspect", expectText("token", token)));
  }

  async revoke(token: string): Promise<void> {
    await this.#call("revoke", expectText("token", token));
  }

  async jwks(): Promise<PublicJwkSet> {
    return JSON.parse(await this.#call("jwks", ""));
  }

  async metadata(): Promise<ServerMetadata> {
    return JSON.parse(await this.#call("metadata", ""));
  }

  #call(name: string, argument: string): Promise<string> {
    return this.#invoke("engine_call", `engine.${name}`, name, argument) as Promise<string>;
  }

  #invoke(start: string, operation: string, a: unknown, b?: unknown): Promise<unknown> {
    return runtime.invoke(
      start,
      operation,
      this.#platform.onEvent,
      this.#number,
      a,
      b,
      undefined,
      this.#enter,
    );
  }

  /**
   * Opens the engine in an instance that does not know it. At once, so that a burst of calls that
   * needs many instances waits for none of them.
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

function expectText(path: string, value: unknown): string {
  if (typeof value !== "string")
    throw new AuthleteError("ERR_AUTHLETE_REQUEST_INVALID", `${path}: expected a string`);
  return value;
}
