// The Durable Object that runs the embedded engine: one per issuer, named by it, with its state in the object's SQLite.
import { DurableObject } from "cloudflare:workers";
import { AuthleteError } from "authlete-token";
import { type AuthorizationCodeParams, createEngine, type Engine } from "authlete-token/engine";
import { configOf, type Env } from "./config";
import { log } from "./log";

/** What came of a code request: errors are values, since an error loses its class on the way between objects. */
export type CodeResult = { readonly code: string } | { readonly refused: string };

export class EngineObject extends DurableObject<Env> {
  #engine: Engine | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // No request is delivered before the engine stands; a configuration that it refuses fails the requests, not the process.
    ctx.blockConcurrencyWhile(async () => {
      this.#engine = await createEngine(configOf(env, ctx.id.name ?? ""), { storage: ctx.storage, onEvent: log });
    });
  }

  /** The four APIs of Authlete, for the stateless worker's client. */
  override fetch(request: Request): Promise<Response> {
    return this.#running.fetch(request);
  }

  async issueAuthorizationCode(parameters: AuthorizationCodeParams): Promise<CodeResult> {
    try {
      return await this.#running.issueAuthorizationCode(parameters);
    } catch (error) {
      if (error instanceof AuthleteError && error.code === "ERR_AUTHLETE_REQUEST_INVALID") return { refused: error.message };
      throw error;
    }
  }

  introspect(token: string) {
    return this.#running.introspect(token);
  }

  jwks() {
    return this.#running.jwks();
  }

  metadata() {
    return this.#running.metadata();
  }

  get #running(): Engine {
    if (this.#engine === undefined) throw new Error("the engine has not started");
    return this.#engine;
  }
}

/** The engine of `issuer`. */
export function engineOf(env: Env, issuer: string) {
  return env.ENGINE.get(env.ENGINE.idFromName(issuer));
}
