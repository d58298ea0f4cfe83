// The Durable Object that runs the embedded engine and the token endpoint over it: one per issuer,
// whose name it has, with its state in the object's SQLite. And the worker's way to it.
import { AuthleteClient, type PlainResponse } from "authlete-token";
import { DurableObject } from "cloudflare:workers";
import {
  type AccessParams,
  type AccessVerdict,
  type AttestationChallenge,
  type AuthorizationCheck,
  type AuthorizationCodeParams,
  createEngine,
  type Engine,
  type EngineOptions,
  failedEngine,
  type IssuedCode,
  type PublicJwkSet,
  type ServerMetadata,
} from "authlete-token/engine";
import { type Backend, EngineOperations, type Operations, type TokenMessage } from "./backend";
import { type Config, configOf, type Env } from "./config";
import { log } from "./log";
import { Recorder } from "./recorder";
import type { TraceEntry } from "./trace";

/** How often the object wakes up to remove what has expired. */
const HOUR = 3_600_000;

/** The worker's variables and bindings. */
export interface WorkerEnv extends Env {
  readonly ENGINE: DurableObjectNamespace<EngineObject>;
  /** The built files of the playground; only `npm start` has them. */
  readonly PLAYGROUND?: Fetcher;
}

/** An engine, and what it does for the routes. */
interface Running {
  readonly engine: Engine;
  readonly operations: Operations;
}

/** Its methods are those of `Backend`; the last argument of each is the trace to record, if any. */
export class EngineObject extends DurableObject<WorkerEnv> {
  #running: Promise<Running> | undefined;
  #recorder: Promise<Recorder> | undefined;

  async token(message: TokenMessage, trace?: string): Promise<PlainResponse> {
    return (await this.#operations(trace)).token(message);
  }

  async checkAuthorization(parameters: string, trace?: string) {
    return (await this.#operations(trace)).checkAuthorization(parameters);
  }

  async issueAuthorizationCode(params: AuthorizationCodeParams, trace?: string) {
    return (await this.#operations(trace)).issueAuthorizationCode(params);
  }

  async verifyAccess(params: AccessParams, trace?: string) {
    return (await this.#operations(trace)).verifyAccess(params);
  }

  async attestationChallenge(trace?: string) {
    return (await this.#operations(trace)).attestationChallenge();
  }

  async jwks(trace?: string) {
    return (await this.#operations(trace)).jwks();
  }

  async metadata(trace?: string) {
    return (await this.#operations(trace)).metadata();
  }

  async introspect(request: Request, trace?: string) {
    return (await this.#operations(trace)).introspect(request);
  }

  async revoke(request: Request, trace?: string) {
    return (await this.#operations(trace)).revoke(request);
  }

  async recorded(trace: string) {
    return (await this.#recorder)?.entries(trace);
  }

  /**
   * Removes what has expired, so that no request has to. The next alarm is set in any case: the
   * platform repeats an alarm that throws only a few times, and a storage that fails now may work
   * in an hour. `onEvent` has logged why it failed.
   */
  override async alarm(): Promise<void> {
    const { engine } = await this.#started();
    const { more } = await engine.expire().catch(() => ({ more: false }));
    await this.ctx.storage.setAlarm(Date.now() + (more ? 0 : HOUR));
  }

  async #operations(trace: string | undefined): Promise<Operations> {
    const { operations } = await this.#started();
    if (trace === undefined) return operations;
    this.#recorder ??= this.#settings().then(({ config, options }) =>
      Recorder.start(this.env, config, options),
    );
    try {
      return (await this.#recorder).operations(trace);
    } catch {
      // If the usual engine has not started either, it gives every caller the reason.
      this.#recorder = undefined;
      return operations;
    }
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
      const authlete = new AuthleteClient({ serviceId: "0", bearer: "none", engine });
      return { engine, operations: new EngineOperations(this.env, engine, authlete) };
    }
  }

  async #start(): Promise<Running> {
    const { config, options } = await this.#settings();
    const engine = await createEngine(config, options);
    const { storage } = this.ctx;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + HOUR);
    const { serviceId, bearer } = config.service;
    const authlete = new AuthleteClient({ serviceId: String(serviceId), bearer, engine });
    return { engine, operations: new EngineOperations(this.env, engine, authlete) };
  }

  async #settings(): Promise<{ readonly config: Config; readonly options: EngineOptions }> {
    const options = { storage: this.ctx.storage, sweep: false, onEvent: log };
    return { config: configOf(this.env, await this.#issuer()), options };
  }

  /** Kept, since an object that an alarm has woken up is not told its name. */
  async #issuer(): Promise<string> {
    const { storage, id } = this.ctx;
    const kept = await storage.get<string>("issuer");
    if (id.name !== undefined && id.name !== kept) await storage.put("issuer", id.name);
    return id.name ?? kept ?? "";
  }
}

/**
 * The engine in the object of `issuer`. The types of what comes from there are written down, since
 * those of RPC lose members that are `unknown`.
 */
export class ObjectBackend implements Backend {
  readonly #env: WorkerEnv;
  readonly #issuer: string;
  readonly #trace: string | undefined;

  constructor(env: WorkerEnv, issuer: string, trace: string | undefined) {
    this.#env = env;
    this.#issuer = issuer;
    this.#trace = trace;
  }

  /** Looked up only when it is needed: over an Authlete server, there may be none. */
  get #object(): DurableObjectStub<EngineObject> {
    const { ENGINE } = this.#env;
    return ENGINE.get(ENGINE.idFromName(this.#issuer));
  }

  token(message: TokenMessage) {
    return this.#object.token(message, this.#trace) as Promise<PlainResponse>;
  }

  checkAuthorization(parameters: string) {
    return this.#object.checkAuthorization(parameters, this.#trace) as Promise<AuthorizationCheck>;
  }

  issueAuthorizationCode(params: AuthorizationCodeParams) {
    return this.#object.issueAuthorizationCode(params, this.#trace) as Promise<IssuedCode>;
  }

  verifyAccess(params: AccessParams) {
    return this.#object.verifyAccess(params, this.#trace) as Promise<AccessVerdict>;
  }

  attestationChallenge() {
    return this.#object.attestationChallenge(this.#trace) as Promise<AttestationChallenge>;
  }

  jwks() {
    return this.#object.jwks(this.#trace) as Promise<PublicJwkSet>;
  }

  metadata() {
    return this.#object.metadata(this.#trace) as unknown as Promise<ServerMetadata>;
  }

  introspect(request: Request) {
    return this.#object.introspect(request, this.#trace);
  }

  revoke(request: Request) {
    return this.#object.revoke(request, this.#trace);
  }

  recorded(trace: string) {
    return this.#object.recorded(trace) as unknown as Promise<readonly TraceEntry[] | undefined>;
  }
}
