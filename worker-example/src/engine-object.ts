// The Durable Object that runs the embedded engine and the token endpoint over it: one per issuer,
// whose name it has, with its state in the object's SQLite.
import { AuthleteClient } from "authlete-token";
import { DurableObject } from "cloudflare:workers";
import {
  type AuthorizationCodeParams,
  createEngine,
  type Engine,
  failedEngine,
} from "authlete-token/engine";
import { type Config, configOf, type Env } from "./config";
import { log } from "./log";
import { answerTokenRequest } from "./token-endpoint";

/** How often the object wakes up to remove what has expired. */
const HOUR = 3_600_000;

export class EngineObject extends DurableObject<Env> {
  #engine: Promise<Engine> | undefined;
  #client: { readonly engine: Engine; readonly authlete: AuthleteClient } | undefined;

  /** The token endpoint. Here, endpoint and engine work in one pass. */
  override async fetch(request: Request): Promise<Response> {
    const engine = await this.#running();
    return answerTokenRequest(request, this.env, this.#clientOf(engine));
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
   * Removes what has expired, so that no request has to. The next alarm is set in any case: the
   * platform repeats an alarm that throws only a few times, and a storage that fails now may work
   * in an hour. `onEvent` has logged why it failed.
   */
  override async alarm(): Promise<void> {
    const engine = await this.#running();
    const { more } = await engine.expire().catch(() => ({ more: false }));
    await this.ctx.storage.setAlarm(Date.now() + (more ? 0 : HOUR));
  }

  /**
   * The engine. If it could not be started, the returned one gives every caller the reason, and the
   * next request tries again.
   */
  async #running(): Promise<Engine> {
    try {
      this.#engine ??= this.#start();
      return await this.#engine;
    } catch (error) {
      this.#engine = undefined;
      return failedEngine(error);
    }
  }

  /** The engine's client: the same for every request, since the configuration is. */
  #clientOf(engine: Engine): AuthleteClient {
    if (this.#client?.engine !== engine) {
      const { serviceId, bearer } = this.#config().service;
      const authlete = new AuthleteClient({ serviceId: String(serviceId), bearer, engine });
      this.#client = { engine, authlete };
    }
    return this.#client.authlete;
  }

  #config(): Config {
    return configOf(this.env, this.ctx.id.name ?? "");
  }

  async #start(): Promise<Engine> {
    const { storage } = this.ctx;
    const engine = await createEngine(this.#config(), { storage, sweep: false, onEvent: log });
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + HOUR);
    return engine;
  }
}

/** The engine of `issuer`. */
export function engineOf(env: Env, issuer: string) {
  return env.ENGINE.get(env.ENGINE.idFromName(issuer));
}
