// Holds the WebAssembly instances of an artefact: makes them when they are needed, calls into the
// current one, and replaces one that trapped.

import { type ReadBody, readChunks } from "./body.js";
import { typeName } from "./boundary.js";
import { notInitialized } from "./errors.js";
import { type Call, Instance, type InstanceFactory, newTask } from "./wasm-instance.js";

/**
 * Loads the compiled module. `slim` is the entry point that takes the module from the user, for
 * errors to recommend.
 */
export type Load = (slim: string) => WebAssembly.Module | Promise<WebAssembly.Module>;

/** The instance of one artefact, created when it is first needed, and again after a trap. */
export class Runtime {
  /** The entry point that loads the module itself, as users import it. */
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
   * Sets where the compiled module comes from, and how bodies are best read in this runtime. Each
   * entry file that loads the module itself calls this once.
   */
  provide(load: Load, read: ReadBody = readChunks): void {
    this.#load = load;
    this.#read = read;
  }

  /** Whether there is a module, or a way to load it. */
  get provided(): boolean {
    return this.#module !== undefined || this.#load !== undefined;
  }

  /** Instantiates the module that `compile` gives, unless a module has been instantiated before. */
  initialize(compile: () => WebAssembly.Module): void {
    if (this.#module === undefined) this.#instance(compile());
  }

  /**
   * Starts the export `name` as a task and returns its promise.
   */
  invoke(name: string, call: Call, ...values: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const task = newTask(call, resolve, reject);
      const module = this.#module ?? this.#loaded();
      if (!isPromise(module)) this.#instantiated(module).start(name, task, values);
      else
        module.then((loaded) => this.#instantiated(loaded).start(name, task, values)).catch(reject);
    });
  }

  /** Calls an export that starts no task, in the current instance, if there is one. */
  tell(name: string, value: unknown): void {
    const instance = this.#current;
    if (instance === undefined || instance.spent) return;
    (instance.exports[name] as (value: unknown) => void)(value);
  }

  #loaded(): WebAssembly.Module | Promise<WebAssembly.Module> {
    expectWebAssembly();
    if (this.#load === undefined) {
      throw notInitialized(
        `has not been provided: call initializeWasm(module) first, or import ${this.entry}, which loads it itself`,
      );
    }
    if (this.#loading !== undefined) return this.#loading;
    const module = this.#load(`${this.entry}/slim`);
    if (!isPromise(module)) return module;
    // Calls share it only until it settles, so that the next call after a failure tries again. Only
    // pages load asynchronously: in workerd, where requests may not share promises, the module is
    // there at once.
    this.#loading = module.finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /**
   * The current instance, or a new one of a module that a loader returned. An error says what is
   * known about why there is none.
   */
  #instantiated(module: WebAssembly.Module): Instance {
    if (this.#current !== undefined && !this.#current.spent) return this.#current;
    if (!isModule(module)) {
      const slim = `If your bundler turns the file into something else, import ${this.entry}/slim and give it the module yourself`;
      throw notInitialized(
        `is missing: the import of ${this.file} gave no WebAssembly.Module. ${slim}`,
      );
    }
    try {
      return this.#instance(module);
    } catch (error) {
      throw notInitialized(
        `could not be instantiated (${typeName(error)}; see \`cause\`). It must be the ${this.file} of this version of authlete-token, and there must be enough memory for it`,
        error,
      );
    }
  }

  #instance(module: WebAssembly.Module): Instance {
    if (this.#current === undefined || this.#current.spent)
      this.#current = new Instance(this.#create, module, this.#read);
    // Set only now: a module that can't be instantiated is loaded again by the next call.
    this.#module = module;
    return this.#current;
  }
}

/**
 * Not `instanceof`, since modules of another realm (a frame, a test runner's sandbox) have another
 * class.
 */
export function isModule(value: unknown): value is WebAssembly.Module {
  return Object.prototype.toString.call(value) === "[object WebAssembly.Module]";
}

/**
 * Throws if there is no WebAssembly: the one cause of failure that a program can know for certain.
 */
export function expectWebAssembly(): void {
  if (typeof WebAssembly !== "undefined") return;
  throw notInitialized(
    "can't be used: this runtime has no WebAssembly (for example Node.js with --jitless, or Safari in Lockdown Mode). authlete-token does not work without it",
  );
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T> | undefined)?.then === "function";
}
