// One WebAssembly instance and the tasks in it: starts them, resumes them when there is news of
// what they wait for, and ends them when it traps.

import type { ReadBody } from "./body.js";
import * as boundary from "./boundary.js";
import type { ClientSettings, EngineAnswer } from "./client.js";
import { AuthleteError, type AuthleteErrorCode, type AuthleteErrorDetails } from "./errors.js";
import { type Arrived, answerOf, headOf, keepText, send, sent } from "./exchange.js";
import {
  CALL_ABORTED,
  CALL_RETRIED,
  CALL_STARTED,
  CALL_UNWRITABLE,
  FACTS_NO_TEXT,
  FACTS_PROBLEM,
  NEWS_ABORTED,
  NEWS_EXPIRED,
  NEWS_FULFILLED,
  NEWS_REJECTED,
  NEWS_WOKEN,
  PROBLEM_NONE,
  PROBLEM_UNREADABLE,
} from "./generated/contract.js";

/**
 * What one instance exports: functions that start a task, and the one that brings news to a task.
 */
export interface InstanceExports {
  resume(
    task: number,
    number: number,
    kind: number,
    value: unknown,
    status: number,
    facts: number,
  ): void;
  /** Polls a task, from inside `attempt`. */
  run(task: number): void;
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

/** One call of an operation, or of a function of the endpoint or the engine. */
export interface Call {
  readonly operation: string;
  readonly onEvent: boundary.OnEvent | undefined;
  /** Is called first, with the instance that the call will run in. */
  readonly enter?: (instance: Instance) => void;
}

/** A call that is running: its promise, and what may end its waits. */
export interface Task {
  readonly call: Call;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** The timer of a pause: it must not outlive the call, or it would keep a process alive. */
  pause: ReturnType<typeof setTimeout> | undefined;
  /**
   * The caller's signal, its listener, and in `limit` the number that the listener resumes with.
   */
  signal: AbortSignal | undefined;
  listener: (() => void) | undefined;
  limit: number;
  controller: AbortController | undefined;
  /** The request of the last exchange. */
  body: string;
  /** The answer, or the part of it that has been read. */
  arrived: Arrived | undefined;
}

/** A task that waits for nothing yet. All tasks have the same shape, which engines optimize for. */
export function newTask(
  call: Call,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
): Task {
  return {
    call,
    resolve,
    reject,
    timer: undefined,
    pause: undefined,
    signal: undefined,
    listener: undefined,
    limit: 0,
    controller: undefined,
    body: "",
    arrived: undefined,
  };
}

/**
 * How many tasks an instance takes at once. Another instance costs a millisecond and a megabyte.
 */
const MOST_TASKS = 128;

/** One instance of an artefact: the tasks that run in it, and what JavaScript provides to them. */
export class Instance {
  readonly exports: InstanceExports;
  /**
   * A trap happened in this instance, or it is full: calls in flight continue, new ones go
   * elsewhere.
   */
  spent = false;
  /** What the last trap was, for `onEvent`. */
  #caught: unknown;
  readonly #tasks: (Task | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #read: ReadBody;
  readonly #names: readonly string[];
  readonly #paths: readonly string[];
  /** The last content type, and whether it is that of JSON: nearly always the same one. */
  #type: string | undefined;
  #typeIsJson = false;
  /** The copy of the last object that was inspected, until it is used. */
  #copy: Record<string, unknown> | undefined;

  constructor(create: InstanceFactory, module: WebAssembly.Module, read: ReadBody) {
    this.#read = read;
    this.exports = create(module, this.#boundary());
    this.#names = this.exports.key_names().split(" ");
    this.#paths = this.exports.paths?.().split(" ") ?? [];
  }

  start(name: string, task: Task, values: readonly unknown[]): void {
    const id = this.#free.pop() ?? this.#tasks.length;
    // When a client disconnects, workerd drops everything that its request was waiting for, timers
    // too: nothing ever ends such a task. So a full instance gets no new tasks, and is freed with
    // the tasks that it still holds.
    if (id + 1 >= MOST_TASKS) this.spent = true;
    this.#tasks[id] = task;
    try {
      task.call.enter?.(this);
      (this.exports[name] as Start)(id, ...values);
    } catch (error) {
      this.#broken(error);
      // On an exhausted stack, even rejecting the task in `#broken` can have failed.
      task.reject(trapError(task));
    }
  }

  /**
   * For what was thrown outside the fence of `src/wasm/task.rs`: nothing in this instance can be
   * relied on, so every call in it ends now.
   */
  #broken(error: unknown): void {
    this.#caught = error;
    this.spent = true;
    for (const id of this.#tasks.keys()) this.#trapped(id);
  }

  #trapped(id: number): void {
    const task = this.#take(id);
    if (task === undefined) return;
    this.#giveUp(task);
    const { operation, onEvent } = task.call;
    if (onEvent !== undefined)
      boundary.tell(onEvent, { type: "trap", operation }, { error: this.#caught });
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

  /** Ends the task's exchange and its pause. */
  #giveUp(task: Task): void {
    task.controller?.abort();
    clearTimeout(task.pause);
  }

  #limit(
    id: number,
    number: number,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): boolean {
    const task = this.#tasks[id];
    if (task === undefined) return false;
    if (task.timer !== undefined) clearTimeout(task.timer);
    task.timer = undefined;
    task.limit = number;
    if (signal?.aborted) return true;
    // Adding and removing listeners is expensive: the same signal keeps its listener.
    if (signal !== task.signal)
      this.#watch(
        task,
        signal,
        signal && (() => this.#resume(id, task.limit, NEWS_ABORTED, undefined)),
      );
    if (milliseconds > 0)
      task.timer = setTimeout(
        () => this.#resume(id, number, NEWS_EXPIRED, undefined),
        milliseconds,
      );
    return false;
  }

  /** Removes what may end the task's waits: the timer and the listener. */
  #unlimit(task: Task): void {
    if (task.timer !== undefined) clearTimeout(task.timer);
    task.timer = undefined;
    this.#watch(task, undefined, undefined);
  }

  #watch(task: Task, signal: AbortSignal | undefined, listener: (() => void) | undefined): void {
    const { signal: old, listener: oldListener } = task;
    task.signal = signal;
    task.listener = listener;
    try {
      if (oldListener !== undefined) old?.removeEventListener("abort", oldListener);
    } catch {} // The caller's signal may throw, and the caller must get an answer all the same.
    if (listener !== undefined) signal?.addEventListener("abort", listener);
  }

  #resume(id: number, number: number, kind: number, value: unknown, status = 0, facts = 0): void {
    const task = this.#tasks[id];
    try {
      this.exports.resume(id, number, kind, value, status, facts);
    } catch (error) {
      this.#broken(error);
      task?.reject(trapError(task));
    }
  }

  /**
   * Resumes a task with the outcome of what a function returns, or with what it throws. A number is
   * also passed on as a problem, for those who read bodies.
   */
  async #ask(id: number, number: number, f: () => unknown): Promise<void> {
    let value: unknown;
    try {
      value = await f();
    } catch (error) {
      // In a microtask: if `f` has thrown, the task is still being polled.
      await undefined;
      this.#resume(id, number, NEWS_REJECTED, error);
      return;
    }
    const problem = typeof value === "number" ? value : PROBLEM_NONE;
    this.#resume(id, number, NEWS_FULFILLED, value, 0, problem * FACTS_PROBLEM);
  }

  // One function: every promise between `fetch` and the task costs time.
  async #exchange(
    id: number,
    number: number,
    settings: ClientSettings,
    path: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const task = this.#tasks[id] as Task;
    const { engine, prefix, maxResponseBytes } = settings;
    const { body } = task;
    const url = prefix + (this.#paths[path] as string);
    task.arrived = undefined;
    let arrived: Arrived;
    try {
      if (engine === undefined) {
        const controller = new AbortController();
        task.controller = controller;
        const response = await send(settings, url, headers, body, controller.signal);
        arrived = headOf(response);
        task.arrived = arrived;
        if (this.#isJson(arrived.type)) {
          let read: Uint8Array | number = PROBLEM_UNREADABLE;
          try {
            read = await this.#read(response, maxResponseBytes);
          } catch {} // It broke off.
          keepText(arrived, read);
        }
      } else {
        const { authorization = "" } = headers;
        arrived = answerOf(await engine.exchange(url, authorization, body), maxResponseBytes);
        task.arrived = arrived;
      }
    } catch (error) {
      await undefined; // As in #ask.
      this.#resume(id, number, NEWS_REJECTED, error);
      return;
    }
    const { status, problem, text } = arrived;
    const parsed = text === undefined ? undefined : boundary.parse(text);
    const facts = text === undefined ? FACTS_NO_TEXT : boundary.facts(parsed, text);
    this.#resume(id, number, NEWS_FULFILLED, parsed, status, facts + problem * FACTS_PROBLEM);
  }

  #taken(): object {
    const copy = this.#copy ?? {};
    this.#copy = undefined;
    return copy;
  }

  #isJson(type: string | undefined): boolean {
    if (type === undefined) return false;
    if (type !== this.#type) {
      this.#typeIsJson = this.exports.json_type?.(type) ?? false;
      this.#type = type;
    }
    return this.#typeIsJson;
  }

  /** The functions that the instance imports, by their names in `src/wasm/host.rs`. */
  #boundary(): object {
    const name = (key: number) => this.#names[key] as string;
    return {
      attempt: (id: number): boolean => {
        try {
          this.exports.run(id);
          return true;
        } catch (error) {
          this.#caught = error;
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
      limit: (id: number, number: number, milliseconds: number, signal: AbortSignal | undefined) =>
        this.#limit(id, number, milliseconds, signal),
      beginCall: (
        id: number,
        limit: number,
        exchange: number,
        settings: ClientSettings,
        path: number,
        milliseconds: number,
        signal: AbortSignal | undefined,
        kept: boolean,
        body: string | undefined,
      ): number => {
        const task = this.#tasks[id];
        const text = body ?? boundary.stringify(this.#taken());
        if (task === undefined || text === undefined) return CALL_UNWRITABLE;
        task.body = text;
        const { timeoutMs, readyHeaders, attempts } = settings;
        if (this.#limit(id, limit, Number.isNaN(milliseconds) ? timeoutMs : milliseconds, signal))
          return CALL_ABORTED;
        const retried = attempts > 1 ? CALL_RETRIED : 0;
        if (!kept || readyHeaders === undefined) return retried;
        this.#exchange(id, exchange, settings, path, readyHeaders);
        return retried | CALL_STARTED;
      },
      wake: (id: number, name: number): void => {
        Promise.resolve().then(() => this.#resume(id, name, NEWS_WOKEN, undefined));
      },
      broken: (error: unknown): void => this.#broken(error),
      ask: (
        id: number,
        number: number,
        f: (...values: unknown[]) => unknown,
        a: unknown,
        b: unknown,
        c: unknown,
        d: unknown,
      ): void => {
        // Only those that there are, so that a hook's last argument is also the last of its rest
        // parameters.
        const values = [a, b, c, d].filter((value) => value !== undefined);
        this.#ask(id, number, () => f(...values));
      },
      read: (id: number, number: number, message: Request | Response, max: number): void => {
        this.#ask(id, number, () => this.#read(message, max));
      },
      bytes: (read: Uint8Array): Uint8Array => read,
      exchange: (
        id: number,
        number: number,
        settings: ClientSettings,
        path: number,
        headers: Readonly<Record<string, string>> | undefined,
      ): void => {
        this.#exchange(id, number, settings, path, headers ?? settings.readyHeaders ?? {});
      },
      headers: (
        { headers, authorization }: ClientSettings,
        rotating: string | undefined,
        extra: Readonly<Record<string, string>> | undefined,
      ): object => sent({ ...headers, ...extra }, rotating ?? authorization ?? ""),
      // A monotonic clock: a change of the time of day does not affect it.
      now: (): number => performance.now(),
      sleep: (id: number, number: number, milliseconds: number): void => {
        const task = this.#tasks[id];
        if (task !== undefined)
          task.pause = setTimeout(
            () => this.#resume(id, number, NEWS_FULFILLED, undefined),
            milliseconds,
          );
      },
      arrived: (id: number): Partial<Arrived> => this.#tasks[id]?.arrived ?? {},
      giveUp: (id: number): void => {
        const task = this.#tasks[id];
        if (task !== undefined) this.#giveUp(task);
      },
      call: (f: () => unknown) => f(),
      error: (code: AuthleteErrorCode, message: string, details: AuthleteErrorDetails) =>
        new AuthleteError(code, message, details),
      get: (object: Record<string, unknown>, key: number): unknown => object[name(key)],
      find: (object: Record<string, unknown>, key: number): unknown =>
        object[name(key)] ?? undefined,
      text: (object: Record<string, unknown>, key: number): string | undefined => {
        const value = object[name(key)];
        return typeof value === "string" ? value : undefined;
      },
      set: (object: Record<string, unknown>, key: number, value: unknown): void => {
        object[name(key)] = value;
      },
      plain: boundary.plain,
      inspect: (value: unknown, keys: readonly string[]): number => {
        this.#copy = Array.isArray(value) ? undefined : boundary.plain(value);
        return this.#copy ? boundary.kinds(this.#copy, keys, true) : Number.NaN;
      },
      inspected: (): object => this.#taken(),
      copyResponse: boundary.copyResponse,
      unreadRequest: boundary.unreadRequest,
      hookContext: boundary.hookContext,
      answer: (status: number, body: string): EngineAnswer => ({ status, body }),
      respond: boundary.respond,
      setHeaders: boundary.setHeaders,
      header: boundary.header,
      kinds: boundary.kinds,
      unknownName: boundary.unknownName,
      id: boundary.id,
      stringify: boundary.stringify,
      parse: boundary.parse,
      content: (object: Record<string, unknown>, key: number): string | undefined =>
        boundary.content(object[name(key)]),
      facts: boundary.facts,
      tell: boundary.tell,
      typeName: boundary.typeName,
      isError: boundary.isError,
    };
  }
}

function trapError({ call: { operation } }: Task): AuthleteError {
  return new AuthleteError(
    "ERR_AUTHLETE_WASM_TRAP",
    `${operation}: the WebAssembly instance trapped; the next call runs on a fresh one`,
    { operation },
  );
}
