// Holds the WebAssembly instances of an artefact: makes them when they are needed, calls into the
// current one, and replaces one that trapped.

import { type ReadBody, readChunks } from "./body.js";
import { type OnEvent, typeName } from "./boundary.js";
import { notInitialized } from "./errors.js";
import { Instance, type InstanceFactory, type Task } from "./wasm-instance.js";

/**
 * Gives the compiled module. `slim` is the entry point that takes it from the user: what an error
 * can recommend.
 */
export type Load = (slim: string) => WebAssembly.Module | Promise<WebAssembly.Module>;

/** The instance of one artefact, made when it is first needed and anew after a trap. */
export class Runtime {
  /** The entry point that loads the module by itself, as users import it. */
  readonly entry: string;
  /** The name of the module's file in the package. */
  readonly file: string;
  readonly #create: InstanceFactory;
  #load: Load | undefined;
  #read: ReadBody = readChunks;
  #module: WebAssembly.Module | undefined;
  #loading: Promise<WebAssembly.Module> | undefined;
  #current: Instance | undefined;

  constructor(create: InstanceFactory, entry: string, file: string) {
    this.#create = create;
    this.entry = entry;
    this.file = file;
  }

  /**
   * Says where the compiled module comes from, and how bodies are best read in this runtime; each
   * entry file that loads by itself does this once.
   */
  provide(load: Load, read: ReadBody = readChunks): void {
    this.#load = load;
    this.#read = read;
  }

  /** Whether calls have, or know how to get, their module. */
  get provided(): boolean {
    return this.#module !== undefined || this.#load !== undefined;
  }

  /** Instantiates the module that `compile` gives, unless a module has been instantiated before. */
  initialize(compile: () => WebAssembly.Module): void {
    if (this.#module === undefined) this.#instance(compile());
  }

  /**
   * Starts the export `name` as a task and gives its promise. `enter` is called first, with the
   * instance that the task will run in.
   */
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
      const start = (module: WebAssembly.Module) =>
        this.#instantiated(module).start(name, task, a, b, c, d);
      const module = this.#module ?? this.#loaded();
      if (isPromise(module)) module.then(start).catch(reject);
      else start(module);
    });
  }

  /**
   * Calls an export that starts no task, in the current instance; nothing happens when there is
   * none.
   */
  tell(name: string, value: unknown): void {
    const instance = this.#current;
    if (instance === undefined || instance.spent) return;
    (instance.exports[name] as (value: unknown) => void)(value);
  }

  #loaded(): WebAssembly.Module | Promise<WebAssembly.Module> {
    expectWebAssembly();
    if (this.#load === undefined) {
      throw notInitialized(
        `has not been given: call initializeWasm(module) first, or import ${this.entry}, which loads it by itself`,
      );
    }
    if (this.#loading !== undefined) return this.#loading;
    const module = this.#load(`${this.entry}/slim`);
    if (!isPromise(module)) return module;
    // Calls share it only until it is settled: what has failed is tried again by the next call.
    // Only pages load like this. Where nothing may be shared between requests, in workerd, the
    // module is there at once.
    this.#loading = module.finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /**
   * The current instance, of a module that a loader gave; an error says what is known of why there
   * is none.
   */
  #instantiated(module: WebAssembly.Module): Instance {
    if (this.#current !== undefined && !this.#current.spent) return this.#current;
    if (!isModule(module)) {
      const slim = `Where a bundler makes something else of the file, ${this.entry}/slim takes it from you`;
      throw notInitialized(
        `is missing: the import of ${this.file} gave no WebAssembly.Module. ${slim}`,
      );
    }
    try {
      return this.#instance(module);
    } catch (error) {
      throw notInitialized(
        `could not be instantiated (${typeName(error)}; \`cause\` says more). It has to be the ${this.file} of this very version of authlete-token, and needs memory`,
        error,
      );
    }
  }

  #instance(module: WebAssembly.Module): Instance {
    if (this.#current === undefined || this.#current.spent)
      this.#current = new Instance(this.#create, module, this.#read);
    // Not before: a module that can't be instantiated is loaded again by the next call.
    this.#module = module;
    return this.#current;
  }
}

/**
 * Modules of another realm (a frame, a test runner's sandbox) are no instances of this one's class.
 */
export function isModule(value: unknown): value is WebAssembly.Module {
  return Object.prototype.toString.call(value) === "[object WebAssembly.Module]";
}

/** The one cause of all trouble with WebAssembly that a program can know for certain. */
export function expectWebAssembly(): void {
  if (typeof WebAssembly !== "undefined") return;
  throw notInitialized(
    "can't be used: this runtime has no WebAssembly (as Node.js with --jitless, and Safari in Lockdown Mode). Nothing here works without it",
  );
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T> | undefined)?.then === "function";
}
