// The token endpoint in one file, for Node.js. esbuild leaves .wasm files behind, so the slim entry
// takes the module from here. Bundle it by: esbuild esbuild-slim.ts --bundle --format=esm
// --platform=node --target=node20 --loader:.wasm=binary --outfile=token-endpoint.mjs
import wasm from "authlete-token/operations.wasm";
import {
  AuthleteClient,
  handleTokenRequest,
  initializeWasm,
  type TokenEndpointOptions,
} from "authlete-token/slim";

// What the import gives depends on esbuild's loader. `binary`: the bytes. `copy`, for edge
// runtimes: the module, compiled. `file`, for browsers: the URL of the file, and here stands
// `await WebAssembly.compileStreaming(fetch(new URL(wasm, import.meta.url)))`.
initializeWasm(wasm);

for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"])
  if (!process.env[name]) throw new Error(`The variable ${name} is not set.`);
const {
  AUTHLETE_SERVICE_ID: serviceId = "",
  AUTHLETE_BEARER: bearer = "",
  AUTHLETE_SERVER_URL: serverURL,
  ALLOW_INSECURE_REQUESTS,
} = process.env;
const options: TokenEndpointOptions = {
  authlete: new AuthleteClient({ serviceId, bearer, serverURL }),
  // For a proxy or a development server that speaks http: with this one. Only say so if nothing
  // else can reach it.
  allowInsecureRequests: ALLOW_INSECURE_REQUESTS === "1",
  onEvent: (event) => console.log(JSON.stringify(event)),
};

/** For whatever takes a `fetch` handler; node-http.mjs shows how Node's own server calls one. */
export default {
  fetch: (request: Request): Promise<Response> => handleTokenRequest(request, options),
};
