// The one place that holds WebAssembly instances: it makes them, calls into them, lends them what they import, and
// replaces one that trapped. No OAuth here.

import { type ReadBody, readChunks } from "./body.js";
import type { AuthleteEvent } from "./events.js";
import { AuthleteError, type AuthleteErrorCode, type AuthleteErrorDetails, notInitialized } from "./errors.js";

/** What one instance exports: functions that start a task, and the one that brings news to a task. */
export interface InstanceExports {
  resume(task: number, number: number, kind: number, value: unknown): void;
  [start: string]: unknown;
}

/** `createInstance` of a module in `pkg/wasm/`. */
export type InstanceFactory = (module: WebAssembly.Module, boundary: object) => InstanceExports;

type Start = (task: number, ...values: unknown[]) => void;

/** A user's `onEvent`. */
export type OnEvent = (event: AuthleteEvent) => unknown;

interface Task {
  readonly operation: string;
  readonly onEvent: OnEvent | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  timer?: ReturnType<typeof setTimeout>;
  unwatch?: () => void;
  controller?: AbortController;
}

const FULFILLED = 0;
const REJECTED = 1;
const EXPIRED = 2;
const ABORTED = 3;

/** Errors that say that no connection was made: the server can't have seen the request. Only Node's names are known to be reliable. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

class Instance {
  readonly exports: InstanceExports;
  /** A trap happened in here: the calls in flight go on, new ones go elsewhere. */
  spent = false;
  readonly #tasks: (Task | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #read: ReadBody;

  constructor(create: InstanceFactory, module: WebAssembly.Module, read: ReadBody) {
    this.#read = read;
    this.exports = create(module, this.#boundary());
  }

  start(name: string, task: Task, a: unknown, b: unknown, c: unknown, d: unknown): void {
    const id = this.#free.pop() ?? this.#tasks.length;
    this.#tasks[id] = task;
    try {
      (this.exports[name] as Start)(id, a, b, c, d);
    } catch {
      this.#broken();
      // On a spent stack even telling the task can have failed.
      task.reject(trapError(task));
    }
  }

  /** Beyond the fence of `src/wasm/task.rs`: nothing in this instance can be relied on, so every call in it ends now. */
  #broken(): void {
    this.spent = true;
    for (const id of this.#tasks.keys()) this.#trapped(id);
  }

  #trapped(id: number): void {
    const task = this.#take(id);
    if (task === undefined) return;
    task.controller?.abort();
    if (task.onEvent !== undefined) tell(task.onEvent, { type: "trap", operation: task.operation });
    task.reject(trapError(task));
  }

  #take(id: number): Task | undefined {
    const task = this.#tasks[id];
    if (task === undefined) return undefined;
    this.#tasks[id] = undefined;
    this.#free.push(id);
    if (task.timer !== undefined) clearTimeout(task.timer);
    try {
      task.unwatch?.();
    } catch {} // The caller's signal: nothing that it throws may cost the caller an answer.
    return task;
  }

  #resume(id: number, number: number, kind: number, value: unknown): void {
    const task = this.#tasks[id];
    try {
      this.exports.resume(id, number, kind, value);
    } catch {
      this.#broken();
      task?.reject(trapError(task));
    }
  }

  /** The imports that are ours, by the names of `src/wasm/host.rs`. */
  #boundary(): object {
    return {
      attempt: (f: () => void): boolean => {
        try {
          f();
          return true;
        } catch {
          this.spent = true;
          return false;
        }
      },
      settle: (id: number, fulfilled: boolean, value: unknown): void => {
        const task = this.#take(id);
        if (fulfilled) task?.resolve(value);
        else task?.reject(value);
      },
      settleTrapped: (id: number): void => this.#trapped(id),
      wait: (id: number, number: number, promise: unknown): void => {
        Promise.resolve(promise).then(
          (value) => this.#resume(id, number, FULFILLED, value),
          (error) => this.#resume(id, number, REJECTED, error),
        );
      },
      deadline: (id: number, number: number, milliseconds: number): void => {
        const task = this.#tasks[id];
        if (task === undefined) return;
        if (task.timer !== undefined) clearTimeout(task.timer);
        task.timer = setTimeout(() => this.#resume(id, number, EXPIRED, undefined), milliseconds);
      },
      watch: (id: number, number: number, signal: AbortSignal | undefined): boolean => {
        const task = this.#tasks[id];
        if (task === undefined) return false;
        task.unwatch?.();
        delete task.unwatch;
        if (signal === undefined) return false;
        if (signal.aborted) return true;
        const listener = () => this.#resume(id, number, ABORTED, undefined);
        signal.addEventListener("abort", listener);
        task.unwatch = () => signal.removeEventListener("abort", listener);
        return false;
      },
      error: (code: AuthleteErrorCode, message: string, details: AuthleteErrorDetails) => new AuthleteError(code, message, details),
      plain,
      head,
      copyResponse,
      read: this.#read,
      call: (f: (a: unknown, b: unknown, c: unknown) => unknown, a: unknown, b: unknown, c: unknown) => f(a, b, c),
      post: (id: number, injected: typeof fetch | undefined, url: string, headers: Record<string, string>, body: string): unknown => {
        const controller = new AbortController();
        const task = this.#tasks[id];
        if (task !== undefined) task.controller = controller;
        // A redirect would carry the bearer elsewhere; workerd refuses "error". Nothing else goes to `fetch`: no runtime refuses these.
        const init = { method: "POST", headers, body, signal: controller.signal, redirect: "manual" } as const;
        return injected === undefined ? fetch(url, init) : injected(url, init);
      },
      giveUp: (id: number): void => this.#tasks[id]?.controller?.abort(),
      kinds,
      sleep: (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      tell,
      typeName,
      neverConnected,
    };
  }
}

/** A copy of an object's own members, or of an array's, so that no getter runs while Rust reads them. */
function plain(value: unknown): object {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return Array.isArray(value) ? [...value] : { ...value };
}

/** What is read of a response, all of it at once. */
function head(response: Response): object {
  const { status, headers } = response;
  if (typeof status !== "number") throw new TypeError("not a Response");
  return { status, headers, type: headers.get("content-type") };
}

/** For each key a base-4 digit: 0 absent or `null`, 1 a string, 2 anything else; see `src/wasm/host.rs`. */
function kinds(object: Record<string, unknown>, keys: readonly string[], alone: boolean): number {
  let digits = 0;
  let found = 0;
  for (let index = keys.length - 1; index >= 0; index--) {
    const value = object[keys[index] as string];
    const kind = value === undefined || value === null ? 0 : typeof value === "string" ? 1 : 2;
    if (kind !== 0) found += 1;
    digits = digits * 4 + kind;
  }
  return alone && Object.keys(object).length > found ? -1 - digits : digits;
}

/** A copy whose headers can be set. */
function copyResponse(response: Response): Response {
  if (typeof response.status !== "number" || response.bodyUsed) throw new TypeError("not a usable Response");
  return new Response(response.body, response);
}

function trapError({ operation }: Task): AuthleteError {
  return new AuthleteError("ERR_AUTHLETE_WASM_TRAP", `${operation}: the WebAssembly instance trapped; the next call runs on a fresh one`, { operation });
}

/** Tells a user's `onEvent`; what it throws or rejects with is ignored. */
function tell(onEvent: OnEvent, event: AuthleteEvent): void {
  try {
    Promise.resolve(onEvent(event)).catch(() => {});
  } catch {}
}

/** The name of a thrown value's type, and nothing else of it: it may hold anything, and be any kind of object. */
function typeName(thrown: unknown): string {
  try {
    const name = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
    return /^\w{1,64}$/.test(name) ? name : "object";
  } catch {
    return "object";
  }
}

function neverConnected(thrown: unknown): boolean {
  try {
    const cause = (thrown as { cause?: { code?: unknown } }).cause;
    return NEVER_CONNECTED.has(String(cause?.code));
  } catch {
    return false;
  }
}

/** The instance of one artefact, made when it is first needed and anew after a trap. */
export class Runtime {
  readonly #create: InstanceFactory;
  #load: (() => WebAssembly.Module | Promise<WebAssembly.Module>) | undefined;
  #read: ReadBody = readChunks;
  #module: WebAssembly.Module | undefined;
  #current: Instance | undefined;

  constructor(create: InstanceFactory) {
    this.#create = create;
  }

  /** Says where the compiled module comes from, and how bodies are best read in this runtime; each entry file does this once. */
  provide(load: () => WebAssembly.Module | Promise<WebAssembly.Module>, read: ReadBody = readChunks): void {
    this.#load = load;
    this.#read = read;
  }

  /** Starts the export `name` as a task and gives its promise. */
  invoke(name: string, operation: string, onEvent: OnEvent | undefined, a?: unknown, b?: unknown, c?: unknown, d?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const task: Task = { operation, onEvent, resolve, reject };
      const instance = this.#instance();
      if (instance instanceof Instance) instance.start(name, task, a, b, c, d);
      else instance.then((ready) => ready.start(name, task, a, b, c, d)).catch(reject);
    });
  }

  /** Calls an export that starts no task, in the current instance; nothing happens when there is none. */
  tell(name: string, value: unknown): void {
    const instance = this.#current;
    if (instance === undefined || instance.spent) return;
    (instance.exports[name] as (value: unknown) => void)(value);
  }

  #instance(): Instance | Promise<Instance> {
    if (this.#current !== undefined && !this.#current.spent) return this.#current;
    if (this.#module !== undefined) return this.#instantiate(this.#module);
    if (this.#load === undefined) throw notInitialized();
    const module = this.#load();
    // The promise is kept by no one: two first calls at once load twice rather than share something across requests.
    return module instanceof WebAssembly.Module ? this.#instantiate(module) : module.then((loaded) => this.#instantiate(loaded));
  }

  #instantiate(module: WebAssembly.Module): Instance {
    this.#module = module;
    if (this.#current === undefined || this.#current.spent) this.#current = new Instance(this.#create, module, this.#read);
    return this.#current;
  }
}

/** Compiles a fetched module; a server that has no media type for .wasm only makes it slower. */
export async function compileFrom(fetched: Promise<Response>): Promise<WebAssembly.Module> {
  const response = await fetched;
  if (!response.ok) throw new TypeError(`the WebAssembly module could not be fetched: HTTP status ${response.status}`);
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
