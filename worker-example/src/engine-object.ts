// The Durable Object that runs the embedded engine: one per issuer, whose name it has, with its
// state in the object's SQLite.
import { DurableObject } from "cloudflare:workers";
import {
  type AuthorizationCodeParams,
  createEngine,
  type Engine,
  failedEngine,
} from "authlete-token/engine";
import { configOf, type Env } from "./config";
import { log } from "./log";

export class EngineObject extends DurableObject<Env> {
  #engine: Promise<Engine> | undefined;

  /** The four APIs of Authlete, for the stateless worker's client. */
  override async fetch(request: Request): Promise<Response> {
    return (await this.#running()).fetch(request);
  }

  async checkAuthorization(parameters: string) {
    return (await this.#running()).checkAuthorization(parameters);
  }

  async issueAuthorizationCode(parameters: AuthorizationCodeParams) {
    return (await this.#running()).issueAuthorizationCode(parameters);
  }

  async introspect(token: string) {
    return (await this.#running()).introspect(token);
  }

  async jwks() {
    return (await this.#running()).jwks();
  }

  async metadata() {
    return (await this.#running()).metadata();
  }

  async handleIntrospectionRequest(request: Request) {
    return (await this.#running()).handleIntrospectionRequest(request);
  }

  async handleRevocationRequest(request: Request) {
    return (await this.#running()).handleRevocationRequest(request);
  }

  /**
   * The engine. If it could not be started, the returned one gives every caller the reason, and the
   * next request tries again.
   */
  async #running(): Promise<Engine> {
    try {
      this.#engine ??= createEngine(configOf(this.env, this.ctx.id.name ?? ""), {
        storage: this.ctx.storage,
        onEvent: log,
      });
      return await this.#engine;
    } catch (error) {
      this.#engine = undefined;
      return failedEngine(error);
    }
  }
}

/** The engine of `issuer`. */
export function engineOf(env: Env, issuer: string) {
  return env.ENGINE.get(env.ENGINE.idFromName(issuer));
}
