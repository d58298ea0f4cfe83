// The Durable Object that runs the embedded engine and the token endpoint over it: one per issuer,
// whose name it has, with its state in the object's SQLite.
import {
  AuthleteClient,
  handlePlainTokenRequest,
  type PlainRequest,
  type PlainResponse,
} from "authlete-token";
import { DurableObject } from "cloudflare:workers";
import {
  type AccessParams,
  type AuthorizationCodeParams,
  createEngine,
  type Engine,
  failedEngine,
} from "authlete-token/engine";
import { configOf, type Env } from "./config";
import { log } from "./log";
import { tokenOptions } from "./token-endpoint";

/** How often the object wakes up to remove what has expired. */
const HOUR = 3_600_000;

/** A token request with its whole body. */
type TokenMessage = Pick<PlainRequest, "method" | "url" | "headers" | "cf"> & {
  readonly body: Uint8Array;
};

/** An engine, and its client: the same for every request, since the configuration is. */
interface Running {
  readonly engine: Engine;
  readonly authlete: AuthleteClient;
}

export class EngineObject extends DurableObject<Env> {
  #running: Promise<Running> | undefined;

  /**
   * The token endpoint. Here, endpoint and engine work in one pass, and plain values cross faster
   * than a `Request` and a `Response`.
   */
  async token({ body, ...head }: TokenMessage): Promise<PlainResponse> {
    const { authlete } = await this.#started();
    const request = { ...head, bytes: async () => body };
    return handlePlainTokenRequest(request, tokenOptions(this.env, authlete));
  }

  async checkAuthorization(parameters: string) {
    return (await this.#engine()).checkAuthorization(parameters);
  }

  async issueAuthorizationCode(parameters: AuthorizationCodeParams) {
    return (await this.#engine()).issueAuthorizationCode(parameters);
  }

  async verifyAccess(params: AccessParams) {
    return (await this.#engine()).verifyAccess(params);
  }

  async attestationChallenge() {
    return (await this.#engine()).attestationChallenge();
  }

  async jwks() {
    return (await this.#engine()).jwks();
  }

  async metadata() {
    return (await this.#engine()).metadata();
  }

  async handleIntrospectionRequest(request: Request) {
    return (await this.#engine()).handleIntrospectionRequest(request);
  }

  async handleRevocationRequest(request: Request) {
    return (await this.#engine()).handleRevocationRequest(request);
  }

  /**
   * Removes what has expired, so that no request has to. The next alarm is set in any case: the
   * platform repeats an alarm that throws only a few times, and a storage that fails now may work
   * in an hour. `onEvent` has logged why it failed.
   */
  override async alarm(): Promise<void> {
    const engine = await this.#engine();
    const { more } = await engine.expire().catch(() => ({ more: false }));
    await this.ctx.storage.setAlarm(Date.now() + (more ? 0 : HOUR));
  }

  async #engine(): Promise<Engine> {
    return (await this.#started()).engine;
  }

  /**
   * The engine. If it could not be started, the returned one gives every caller the reason, and the
   * next request tries again.
   */
  async #started(): Promise<Running> {
    try {
      this.#running ??= this.#start();
      return await this.#running;
    } catch (error) {
      this.#running = undefined;
      const engine = failedEngine(error);
      // It answers any service.
      return { engine, authlete: new AuthleteClient({ serviceId: "0", bearer: "none", engine }) };
    }
  }

  /** Kept, since an object that an alarm has woken up is not told its name. */
  async #issuer(): Promise<string> {
    const { storage, id } = this.ctx;
    const kept = await storage.get<string>("issuer");
    if (id.name !== undefined && id.name !== kept) await storage.put("issuer", id.name);
    return id.name ?? kept ?? "";
  }

  async #start(): Promise<Running> {
    const { storage } = this.ctx;
    const config = configOf(this.env, await this.#issuer());
    const engine = await createEngine(config, { storage, sweep: false, onEvent: log });
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + HOUR);
    const { serviceId, bearer } = config.service;
    return {
      engine,
      authlete: new AuthleteClient({ serviceId: String(serviceId), bearer, engine }),
    };
  }
}

/** The engine of `issuer`. */
export function engineOf(env: Env, issuer: string) {
  return env.ENGINE.get(env.ENGINE.idFromName(issuer));
}
