// The engine's slim entry: the same API, with a module that the caller provides.
import { AuthleteError } from "authlete-token";
import type { Engine } from "authlete-token/engine";
import { createEngine, initializeWasm, type WasmModule } from "authlete-token/engine/slim";

declare const compiled: WasmModule;
declare const bytes: ArrayBuffer;

initializeWasm(compiled);
initializeWasm(bytes);
initializeWasm(new Uint8Array(bytes));
// @ts-expect-error the address of a file is not a module
initializeWasm("engine.wasm");
// The types are the same: an engine of the slim entry is an `Engine`, and its errors are the same
// class.
export const engine: Promise<Engine> = createEngine({
  service: { serviceId: "1", bearer: "dev", issuer: "http://localhost:8787" },
});
export const isOurs = (error: unknown): boolean => error instanceof AuthleteError;
