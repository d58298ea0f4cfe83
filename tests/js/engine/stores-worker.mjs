// A worker whose Durable Object tests what every store must do with its own SQLite.
import { DurableObject } from "cloudflare:workers";
import { storeOf } from "../../../.cache/internals/engine/storage.js";
import { behaviours, failing } from "./stores.behaviours.mjs";

export class Prover extends DurableObject {
  async fetch(request) {
    const [, path, name] = new URL(request.url).pathname.split("/").map(decodeURIComponent);
    const { storage } = this.ctx;
    const make = () => storeOf(path === "sql" ? storage.sql : storage);
    const all = { ...behaviours({ make }), ...failing({ make, sql: storage.sql }) };
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
  // One object for each behaviour.
  fetch: (request, env) => env.PROVER.get(env.PROVER.idFromName(request.url)).fetch(request),
};
