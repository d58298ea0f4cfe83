// The token endpoint in one file, for Node.js. esbuild leaves .wasm files behind, so the slim entry
// gets the module from here. Bundle it with:
// esbuild esbuild-slim.ts --bundle --format=esm --platform=node --target=node20 \
//   --loader:.wasm=binary --outfile=token-endpoint.mjs
import wasm from "authlete-token/operations.wasm";
import {
  AuthleteClient,
  handleTokenRequest,
  initializeWasm,
  type TokenEndpointOptions,
} from "authlete-token/slim";

// What the import gives depends on esbuild's loader. `binary`: the bytes. `copy`, for edge
// runtimes: the compiled module. `file`, for browsers: the URL of the file; then pass
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
  // For a proxy or a development server in front that speaks http: with this server. Set it only if
  // nothing else can reach this server.
  allowInsecureRequests: ALLOW_INSECURE_REQUESTS === "1",
  onEvent: (event) => console.log(JSON.stringify(event)),
};

/** A `fetch` handler; node-http.mjs shows how Node's own server can call one. */
export default {
  fetch: (request: Request): Promise<Response> => handleTokenRequest(request, options),
};
