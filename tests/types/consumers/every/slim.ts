// The slim entry: the same API, and the module that the caller gives it. Files of WebAssembly come
// as what the bundler or the runtime makes of them.
import { AuthleteClient, initializeWasm, type WasmModule } from "authlete-token/slim";

declare const compiled: WasmModule;
declare const bytes: ArrayBuffer;

initializeWasm(compiled);
initializeWasm(bytes);
initializeWasm(new Uint8Array(bytes));
// @ts-expect-error the address of a file is no module
initializeWasm("operations.wasm");
// @ts-expect-error the file has to be there by now
initializeWasm();
// The classes are the same ones: a client of the slim entry is a client.
const authlete: import("authlete-token").AuthleteClient = new AuthleteClient({
  serviceId: "1",
  bearer: "dev",
});
export default authlete;
