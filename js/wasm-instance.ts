// One WebAssembly instance and the tasks in it: starts them, resumes them when there is news of
// what they wait for, and ends them when it traps.

import type { ReadBody } from "./body.js";
import * as boundary from "./boundary.js";
import type { ClientSettings, EngineAnswer } from "./client.js";
import { AuthleteError, type AuthleteErrorCode, type AuthleteErrorDetails } from "./errors.js";
import { type Arrived, ask, headOf, readText, send } from "./exchange.js";
import {
  NEWS_ABORTED,
  NEWS_EXPIRED,
  NEWS_FULFILLED,
  NEWS_REJECTED,
  NEWS_WOKEN,
} from "./generated/contract.js";

/**
 * What one instance exports: functions that start a task, and the one that brings news to a task.
 */
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
  /**
   * When the timer ends the waits, by `performance.now()`, which no change of the clock affects.
   */
  deadline: number | undefined;
  /** The timer of a pause: it must not outlive the call, or it would keep a process alive. */
  pause: ReturnType<typeof setTimeout> | undefined;
  /**
   * The caller's signal, its listener, and in `limit` the number that the listener resumes with.
   */
  signal: AbortSignal | undefined;
  listener: (() => void) | undefined;
  limit: number;
  controller: AbortController | undefined;
  /** The head of the answer that is being read. */
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
    deadline: undefined,
    pause: undefined,
    signal: undefined,
    listener: undefined,
    limit: 0,
    controller: undefined,
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

  #sleep(id: number, number: number, milliseconds: number): boolean {
    const task = this.#tasks[id];
    if (
      task === undefined ||
      (task.deadline !== undefined && performance.now() + milliseconds >= task.deadline)
    )
      return false;
    task.pause = setTimeout(
      () => this.#resume(id, number, NEWS_FULFILLED, undefined),
      milliseconds,
    );
    return true;
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

  #resume(id: number, number: number, kind: number, value: unknown): void {
    const task = this.#tasks[id];
    try {
      this.exports.resume(id, number, kind, value);
    } catch (error) {
      this.#broken(error);
      task?.reject(trapError(task));
    }
  }

  /** Resumes a task with the outcome of a promise. */
  #follow(id: number, number: number, promise: unknown): void {
    Promise.resolve(promise).then(
      (value) => this.#resume(id, number, NEWS_FULFILLED, value),
      (error) => this.#resume(id, number, NEWS_REJECTED, error),
    );
  }

  /** Resumes a task with the outcome of what a function returns, or with what it throws. */
  #attempt(id: number, number: number, f: () => unknown): void {
    let value: unknown;
    try {
      value = f();
    } catch (error) {
      // In a microtask: the task is still being polled.
      Promise.resolve().then(() => this.#resume(id, number, NEWS_REJECTED, error));
      return;
    }
    this.#follow(id, number, value);
  }

  #exchange(
    id: number,
    number: number,
    settings: ClientSettings,
    path: number,
    headers: Record<string, string>,
    body: string,
  ): void {
    const task = this.#tasks[id] as Task;
    const { engine, prefix, maxResponseBytes } = settings;
    if (engine !== undefined) {
      const url = prefix + (this.#paths[path] as string);
      const { authorization = "" } = headers;
      this.#follow(id, number, ask(engine, url, authorization, body, maxResponseBytes));
      return;
    }
    const controller = new AbortController();
    task.controller = controller;
    task.arrived = undefined;
    const receive = async (response: Response) => {
      const arrived = headOf(response);
      task.arrived = arrived;
      if (this.#isJson(arrived.type))
        await readText(arrived, response, this.#read, maxResponseBytes);
      return arrived;
    };
    this.#attempt(id, number, () =>
      Promise.resolve(
        send(settings, this.#paths[path] as string, headers, body, controller.signal),
      ).then(receive),
    );
  }

  #isJson(type: string | undefined): boolean {
    return type !== undefined && (this.exports.json_type?.(type) ?? false);
  }

  /** The functions that the instance imports, by their names in `src/wasm/host.rs`. */
  #boundary(): object {
    const name = (key: number) => this.#names[key] as string;
    return {
      attempt: (f: () => void): boolean => {
        try {
          f();
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
      limit: (
        id: number,
        number: number,
        milliseconds: number,
        signal: AbortSignal | undefined,
      ): boolean => {
        const task = this.#tasks[id];
        if (task === undefined) return false;
        if (task.timer !== undefined) clearTimeout(task.timer);
        task.timer = undefined;
        task.deadline = undefined;
        task.limit = number;
        if (signal?.aborted) return true;
        // Adding and removing listeners is expensive: the same signal keeps its listener.
        if (signal !== task.signal)
          this.#watch(
            task,
            signal,
            signal && (() => this.#resume(id, task.limit, NEWS_ABORTED, undefined)),
          );
        if (milliseconds > 0) {
          task.timer = setTimeout(
            () => this.#resume(id, number, NEWS_EXPIRED, undefined),
            milliseconds,
          );
          task.deadline = performance.now() + milliseconds;
        }
        return false;
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
      ): void =>
        // Only those that there are, so that a hook's last argument is also the last of its rest
        // parameters.
        this.#attempt(id, number, () => f(...[a, b, c, d].filter((value) => value !== undefined))),
      read: (id: number, number: number, message: Request | Response, max: number): void =>
        this.#follow(id, number, this.#read(message, max)),
      bytes: (read: Uint8Array): Uint8Array => read,
      exchange: (
        id: number,
        number: number,
        settings: ClientSettings,
        path: number,
        headers: Record<string, string>,
        body: string,
      ): void => this.#exchange(id, number, settings, path, headers, body),
      sleep: (id: number, number: number, milliseconds: number): boolean =>
        this.#sleep(id, number, milliseconds),
      arrived: (id: number): Arrived | undefined => this.#tasks[id]?.arrived,
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
      copyResponse: boundary.copyResponse,
      unreadRequest: boundary.unreadRequest,
      hookContext: boundary.hookContext,
      answer: (status: number, body: string): EngineAnswer => ({ status, body }),
      respond: boundary.respond,
      setHeaders: boundary.setHeaders,
      header: boundary.header,
      kinds: boundary.kinds,
      unknownName: boundary.unknownName,
      stringify: boundary.stringify,
      parse: boundary.parse,
      lookAt: boundary.lookAt,
      twice: (text: string, key: number): boolean => boundary.twice(text, name(key)),
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
