// The one place that holds WebAssembly instances: it makes them, calls into them, lends them what they import, and
// replaces one that trapped. No OAuth here.

import { type ReadBody, readChunks } from "./body.js";
import type { ClientSettings } from "./client.js";
import type { AuthleteEvent } from "./events.js";
import { AuthleteError, type AuthleteErrorCode, type AuthleteErrorDetails, notInitialized } from "./errors.js";
import { type Arrived, headOf, readText, send } from "./exchange.js";

/** What one instance exports: functions that start a task, and the one that brings news to a task. */
export interface InstanceExports {
  resume(task: number, number: number, kind: number, value: unknown): void;
  /** The names that Rust reads and writes members by, separated by spaces. */
  key_names(): string;
  /** The paths of the operations; not in the engine. */
  paths?(): string;
  /** Whether a content type is that of JSON; not in the engine. */
  json_type?(contentType: string): boolean;
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
  timer?: ReturnType<typeof setTimeout> | undefined;
  unwatch?: (() => void) | undefined;
  controller?: AbortController | undefined;
  /** The head of the answer that is being read. */
  arrived?: Arrived | undefined;
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
  readonly #names: readonly string[];
  readonly #paths: readonly string[];
  /** The content type that was judged last, and the verdict: a server always sends the same. */
  #judged: { readonly type: string; readonly json: boolean } | undefined;

  constructor(create: InstanceFactory, module: WebAssembly.Module, read: ReadBody) {
    this.#read = read;
    this.exports = create(module, this.#boundary());
    this.#names = this.exports.key_names().split(" ");
    this.#paths = this.exports.paths?.().split(" ") ?? [];
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
    this.#unlimit(task);
    return task;
  }

  /** Ends what may end the task's waits. */
  #unlimit(task: Task): void {
    if (task.timer !== undefined) clearTimeout(task.timer);
    try {
      task.unwatch?.();
    } catch {} // The caller's signal: nothing that it throws may cost the caller an answer.
    task.timer = undefined;
    task.unwatch = undefined;
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

  /** Resumes a task with what becomes of a promise. */
  #follow(id: number, number: number, promise: unknown): void {
    Promise.resolve(promise).then(
      (value) => this.#resume(id, number, FULFILLED, value),
      (error) => this.#resume(id, number, REJECTED, error),
    );
  }

  /** Resumes a task with what becomes of what a function gives, or with what it throws. */
  #attempt(id: number, number: number, f: () => unknown): void {
    let value: unknown;
    try {
      value = f();
    } catch (error) {
      // A moment later: the task is still being polled.
      Promise.resolve().then(() => this.#resume(id, number, REJECTED, error));
      return;
    }
    this.#follow(id, number, value);
  }

  #exchange(id: number, number: number, settings: ClientSettings, path: number, headers: Record<string, string>, body: string): void {
    const task = this.#tasks[id] as Task;
    const controller = new AbortController();
    task.controller = controller;
    task.arrived = undefined;
    const receive = async (response: Response) => {
      const arrived = headOf(response);
      task.arrived = arrived;
      if (this.#isJson(arrived.type)) await readText(arrived, response, this.#read, settings.maxResponseBytes);
      return arrived;
    };
    this.#attempt(id, number, () => Promise.resolve(send(settings, this.#paths[path] as string, headers, body, controller.signal)).then(receive));
  }

  #isJson(type: string | undefined): boolean {
    if (type === undefined) return false;
    if (this.#judged?.type !== type) this.#judged = { type, json: this.exports.json_type?.(type) ?? false };
    return this.#judged.json;
  }

  /** The imports that are ours, by the names of `src/wasm/host.rs`. */
  #boundary(): object {
    const name = (key: number) => this.#names[key] as string;
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
      limit: (id: number, number: number, milliseconds: number, signal: AbortSignal | undefined): boolean => {
        const task = this.#tasks[id];
        if (task === undefined) return false;
        this.#unlimit(task);
        if (signal !== undefined) {
          if (signal.aborted) return true;
          const listener = () => this.#resume(id, number, ABORTED, undefined);
          signal.addEventListener("abort", listener);
          task.unwatch = () => signal.removeEventListener("abort", listener);
        }
        if (milliseconds > 0) task.timer = setTimeout(() => this.#resume(id, number, EXPIRED, undefined), milliseconds);
        return false;
      },
      wait: (id: number, number: number, promise: unknown): void => this.#follow(id, number, promise),
      ask: (id: number, number: number, f: (...values: unknown[]) => unknown, a: unknown, b: unknown, c: unknown): void =>
        this.#attempt(id, number, () => f(a, b, c)),
      read: (id: number, number: number, message: Request | Response, max: number): void => this.#follow(id, number, this.#read(message, max)),
      exchange: (id: number, number: number, settings: ClientSettings, path: number, headers: Record<string, string>, body: string): void =>
        this.#exchange(id, number, settings, path, headers, body),
      sleep: (id: number, number: number, milliseconds: number): void => this.#follow(id, number, new Promise((resolve) => setTimeout(resolve, milliseconds))),
      arrived: (id: number): Arrived | undefined => this.#tasks[id]?.arrived,
      giveUp: (id: number): void => this.#tasks[id]?.controller?.abort(),
      call: (f: () => unknown) => f(),
      error: (code: AuthleteErrorCode, message: string, details: AuthleteErrorDetails) => new AuthleteError(code, message, details),
      get: (object: Record<string, unknown>, key: number): unknown => object[name(key)],
      text: (object: Record<string, unknown>, key: number): string | undefined => {
        const value = object[name(key)];
        return typeof value === "string" ? value : undefined;
      },
      set: (object: Record<string, unknown>, key: number, value: unknown): void => {
        object[name(key)] = value;
      },
      plain,
      copyResponse,
      respond,
      setHeaders,
      header,
      kinds,
      unknownName,
      stringify,
      parse,
      unsafeValues: (text: string): boolean => UNSAFE_VALUE.test(text),
      twice: (text: string, key: number): boolean => {
        const quoted = `"${name(key)}"`;
        return text.indexOf(quoted, text.indexOf(quoted) + 1 || text.length) >= 0;
      },
      tell,
      typeName,
      neverConnected,
    };
  }
}

/** A `null` that may have to go, or a number of sixteen digits or with an exponent, which a double may round. */
const UNSAFE_VALUE = /[[:,]\s*(?:null|-?(?:\d{16}|\d[\d.]*[eE]))/;

/** The object of a JSON text; `null` if the text is no JSON, `undefined` if it is not an object. The SyntaxError quotes the text: it goes no further. */
function parse(text: string): object | null | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return null;
  }
}

function stringify(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A `Response`. `lines` are header names and values in turn, each ended by a line break. */
function respond(status: number, lines: string, body: string): Response {
  const headers: Record<string, string> = {};
  each(lines, (name, value) => {
    headers[name] = value;
  });
  return new Response(body === "" ? null : body, { status, headers });
}

/** Sets headers; another `vary` says more, it does not say otherwise. */
function setHeaders(response: Response, lines: string): void {
  each(lines, (name, value) => {
    if (name === "vary") response.headers.append(name, value);
    else response.headers.set(name, value);
  });
}

function each(lines: string, visit: (name: string, value: string) => void): void {
  const all = lines.split("\n");
  for (let index = 0; index + 1 < all.length; index += 2) visit(all[index] as string, all[index + 1] as string);
}

/** A header's value, if there is one. */
function header(headers: Headers, name: string): string | undefined {
  try {
    const value: unknown = headers.get(name);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A copy of an object's own members, or of an array's, so that no getter runs while Rust reads them. */
function plain(value: unknown): object | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return Array.isArray(value) ? [...value] : { ...value };
  } catch {
    return undefined;
  }
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

/** The first name of an object that is none of these, cut to what an error message can hold. */
function unknownName(object: object, names: readonly string[]): string | undefined {
  return Object.keys(object)
    .find((name) => !names.includes(name))
    ?.slice(0, 64);
}

/** A copy whose headers can be set. */
function copyResponse(response: Response): Response | undefined {
  try {
    return typeof response.status === "number" && !response.bodyUsed ? new Response(response.body, response) : undefined;
  } catch {
    return undefined;
  }
}

function trapError({ operation }: Task): AuthleteError {
  return new AuthleteError("ERR_AUTHLETE_WASM_TRAP", `${operation}: the WebAssembly instance trapped; the next call runs on a fresh one`, { operation });
}

/** Tells a user's `onEvent`; what it throws or rejects with is ignored. */
export function tell(onEvent: OnEvent, event: AuthleteEvent): void {
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

  /** Says where the compiled module comes from, and how bodies are best read in this runtime; each entry file that loads by itself does this once. */
  provide(load: () => WebAssembly.Module | Promise<WebAssembly.Module>, read: ReadBody = readChunks): void {
    this.#load = load;
    this.#read = read;
  }

  /** Whether calls have, or know how to get, their module. */
  get provided(): boolean {
    return this.#module !== undefined || this.#load !== undefined;
  }

  /** Instantiates the module that `compile` gives, unless a module has been instantiated before. */
  initialize(compile: () => WebAssembly.Module): void {
    if (this.#module === undefined) this.#instantiate(compile());
  }

  /** Starts the export `name` as a task and gives its promise. */
  invoke(name: string, operation: string, onEvent: OnEvent | undefined, a?: unknown, b?: unknown, c?: unknown, d?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const task: Task = { operation, onEvent, resolve, reject, timer: undefined, unwatch: undefined, controller: undefined, arrived: undefined };
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
    if (!this.provided) throw notInitialized("has not been given: call initializeWasm(module) first, or import authlete-token, which loads it by itself");
    try {
      const module = this.#module ?? (this.#load as () => WebAssembly.Module | Promise<WebAssembly.Module>)();
      // The promise is kept by no one: two first calls at once load twice rather than share something across requests.
      if (!("then" in module)) return this.#instantiate(module);
      return (module as Promise<WebAssembly.Module>).then((loaded) => this.#instantiate(loaded)).catch(notInstantiated);
    } catch (error) {
      return notInstantiated(error);
    }
  }

  #instantiate(module: WebAssembly.Module): Instance {
    if (this.#current === undefined || this.#current.spent) this.#current = new Instance(this.#create, module, this.#read);
    // Not before: a module that can't be instantiated is loaded again by the next call.
    this.#module = module;
    return this.#current;
  }
}

/** Throws on what a loader says, and says the same of what the runtime threw. */
function notInstantiated(error: unknown): never {
  throw error instanceof AuthleteError
    ? error
    : notInitialized("could not be instantiated: memory is short, or it is not the one of this version of authlete-token", error);
}
