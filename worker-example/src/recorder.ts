// Records for the playground what happens to a request: the calls of the four APIs, the engine's
// checks, the hooks and the events.
import {
  AuthleteClient,
  handlePlainTokenRequest,
  type PlainResponse,
  type TokenEndpointOptions,
} from "authlete-token";
import {
  type AccessParams,
  type AuthorizationCodeParams,
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineTrace,
} from "authlete-token/engine";
import { type Operations, plainRequest, type TokenMessage } from "./backend";
import type { Config, Env } from "./config";
import { tokenOptions } from "./token-endpoint";
import type { TraceEntry } from "./trace";
import { Traces } from "./traces";

type Write = (entry: TraceEntry) => void;

/** Gets what the engine has told of a call. */
type Told = (traces: readonly EngineTrace[]) => void;

/**
 * An engine that tells of its checks, and what was recorded. The usual engine tells nothing, so
 * that requests without a trace cost no more than they would elsewhere.
 */
export class Recorder {
  readonly #env: Env;
  readonly #service: Config["service"];
  readonly #engine: Engine;
  readonly #told: EngineTrace[];
  readonly #traces = new Traces();
  /** Ends when the last call has ended. */
  #lastCall: Promise<unknown> = Promise.resolve();

  private constructor(env: Env, { service }: Config, engine: Engine, told: EngineTrace[]) {
    this.#env = env;
    this.#service = service;
    this.#engine = engine;
    this.#told = told;
  }

  /** Starts it, with an engine of its own. */
  static async start(env: Env, config: Config, options: EngineOptions): Promise<Recorder> {
    const told: EngineTrace[] = [];
    const onTrace = (trace: EngineTrace) => void told.push(trace);
    return new Recorder(env, config, await createEngine(config, { ...options, onTrace }), told);
  }

  /** The entries of a trace; undefined if nothing is known of it. */
  entries(trace: string): readonly TraceEntry[] | undefined {
    return this.#traces.entries(trace);
  }

  /** The operations for a request with this trace. */
  operations(trace: string): Operations {
    const write = this.#traces.begin(trace);
    const checked = <T>(call: (engine: Engine) => Promise<T>): Promise<T> =>
      this.#call(call, (told) => {
        for (const { operation, checks } of told)
          if (checks.length > 0) write({ type: "checks", operation, checks });
      });
    return {
      token: (message) => this.#token(message, write),
      checkAuthorization: (parameters: string) =>
        checked((engine) => engine.checkAuthorization(parameters)),
      issueAuthorizationCode: (params: AuthorizationCodeParams) =>
        checked((engine) => engine.issueAuthorizationCode(params)),
      verifyAccess: (params: AccessParams) => checked((engine) => engine.verifyAccess(params)),
      attestationChallenge: () => checked((engine) => engine.attestationChallenge()),
      jwks: () => checked((engine) => engine.jwks()),
      metadata: () => checked((engine) => engine.metadata()),
      introspect: (request) => checked((engine) => engine.handleIntrospectionRequest(request)),
      revoke: (request) => checked((engine) => engine.handleRevocationRequest(request)),
    };
  }

  /**
   * The token endpoint. The client's engine is not the engine itself, with which endpoint and
   * engine would work in one pass: so what they say to each other can be seen.
   */
  #token(message: TokenMessage, write: Write): Promise<PlainResponse> {
    const { serviceId, bearer } = this.#service;
    const exchange = async (path: string, authorization: string, body: string) => {
      const started = performance.now();
      let told: readonly EngineTrace[] = [];
      const answer = await this.#call(
        (engine) => engine.exchange(path, authorization, body),
        (traces) => {
          told = traces;
        },
      );
      write({
        type: "call",
        api: path.replace(/^\/api\/[^/]+/, ""),
        request: JSON.parse(body),
        status: answer.status,
        response: JSON.parse(answer.body),
        checks: told.flatMap(({ checks }) => checks),
        durationMs: performance.now() - started,
      });
      return answer;
    };
    const authlete = new AuthleteClient({
      serviceId: String(serviceId),
      bearer,
      engine: { exchange },
    });
    const options = recorded(tokenOptions(this.#env, authlete), write);
    return handlePlainTokenRequest(plainRequest(message), options);
  }

  /** Calls the engine when its last call has ended, so that what it tells belongs to this call. */
  #call<T>(call: (engine: Engine) => Promise<T>, ended: Told): Promise<T> {
    const turn = async () => {
      try {
        return await call(this.#engine);
      } finally {
        ended(this.#told.splice(0));
      }
    };
    const result = this.#lastCall.then(turn);
    this.#lastCall = result.catch(() => {});
    return result;
  }
}

/** The options with hooks and events that are recorded, too. */
function recorded(options: TokenEndpointOptions, write: Write): TokenEndpointOptions {
  const { authenticateUser, reissueIdToken, onEvent } = options;
  return {
    ...options,
    onEvent: (event, details) => {
      onEvent?.(event, details);
      // The call that it is about is an entry already.
      if (event.type !== "exchange") write({ type: "event", event: { ...event } });
    },
    ...(authenticateUser && {
      authenticateUser: (...given) =>
        timed("authenticateUser", write, authenticateUser(...given), (subject) =>
          typeof subject === "string" ? subject : "null (wrong user name or password)",
        ),
    }),
    ...(typeof reissueIdToken === "function" && {
      reissueIdToken: (...given) =>
        timed("reissueIdToken", write, reissueIdToken(...given), (contents) => {
          if (contents === null) return "null (no user with this subject)";
          const claims = Object.keys(JSON.parse(contents.claims ?? "{}"));
          return claims.length === 0
            ? "no claims of its own for the new ID token"
            : `claims for the new ID token: ${claims.join(", ")}`;
        }),
    }),
  };
}

/** Records what a hook has given back, in words, and how long it took. */
async function timed<T>(
  hook: "authenticateUser" | "reissueIdToken",
  write: Write,
  result: PromiseLike<T> | T,
  inWords: (value: T) => string,
): Promise<T> {
  const started = performance.now();
  const value = await result;
  write({ type: "hook", hook, outcome: inWords(value), durationMs: performance.now() - started });
  return value;
}
