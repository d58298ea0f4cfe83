// A worker whose client lives as long as its isolate: `/token` is its token endpoint, `/trap` a
// call that traps, `/instances` reports on the WebAssembly instances.
import * as pkg from "authlete-token";
import { trappingCall, watchInstances } from "../support/wasm-memory.mjs";

const instances = watchInstances();
let authlete;

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    // Made in the first request, used by all others.
    authlete ??= new pkg.AuthleteClient({ serviceId: "token", bearer: "b", serverURL: env.SERVER });
    if (pathname === "/instances") return Response.json(instances());
    if (pathname === "/trap") return Response.json((await trappingCall(pkg)) ?? "trapped");
    return pkg.handleTokenRequest(request, { authlete });
  },
};
