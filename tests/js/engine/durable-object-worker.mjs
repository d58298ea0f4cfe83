// A worker whose Durable Object tests the engine's behaviours over its own SQLite.
import * as pkg from "authlete-token";
import * as enginePkg from "authlete-token/engine";
import { DurableObject } from "cloudflare:workers";
import { allEngineBehaviours } from "./engine-suite.mjs";

export class Prover extends DurableObject {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/kid") {
      const engine = await enginePkg.createEngine(JSON.parse(await request.text()), {
        storage: this.ctx.storage,
      });
      return Response.json((await engine.jwks()).keys.map(({ kid }) => kid));
    }
    const storage = pathname.startsWith("/sql/") ? this.ctx.storage.sql : this.ctx.storage;
    const all = allEngineBehaviours({ pkg, enginePkg, storage: () => ({ storage }) });
    const name = decodeURIComponent(pathname.split("/")[2] ?? "");
    if (name === "") return Response.json(Object.keys(all));
    try {
      await all[name]();
    } catch (error) {
      return Response.json(String(error?.stack ?? error));
    }
    return Response.json(null);
  }
}

export default {
  fetch: (request, env) => {
    const object = decodeURIComponent(new URL(request.url).pathname);
    return env.PROVER.get(env.PROVER.idFromName(object)).fetch(request);
  },
};
