// The slim entry: the same API, with a module that the caller provides. What importing a
// WebAssembly file gives depends on the bundler or the runtime.
import { AuthleteClient, initializeWasm, type WasmModule } from "authlete-token/slim";

declare const compiled: WasmModule;
declare const bytes: ArrayBuffer;

initializeWasm(compiled);
initializeWasm(bytes);
initializeWasm(new Uint8Array(bytes));
// @ts-expect-error the address of a file is not a module
initializeWasm("operations.wasm");
// @ts-expect-error the module is missing
initializeWasm();
// The classes are the same: a client of the slim entry is an `AuthleteClient`.
const authlete: import("authlete-token").AuthleteClient = new AuthleteClient({
  serviceId: "1",
  bearer: "dev",
});
export default authlete;
