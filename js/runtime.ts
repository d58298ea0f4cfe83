// Holds the WebAssembly instances of an artefact: makes them when they are needed, calls into the current one, and replaces one that trapped.

import { type ReadBody, readChunks } from "./body.js";
import type { OnEvent } from "./boundary.js";
import { AuthleteError, notInitialized } from "./errors.js";
import { Instance, type InstanceFactory, type Task } from "./wasm-instance.js";

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

  /** Starts the export `name` as a task and gives its promise. `enter` is called first, with the instance that the task will run in. */
  invoke(
    name: string,
    operation: string,
    onEvent: OnEvent | undefined,
    a?: unknown,
    b?: unknown,
    c?: unknown,
    d?: unknown,
    enter?: (instance: Instance) => void,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const task: Task = { operation, onEvent, enter, resolve, reject, limit: 0 };
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
