// A worker whose Durable Objects have one endpoint each, over SQLite with live rows:
// `/ROWS/fill`, and `/ROWS/GRANT?calls=N`. Their time is measured outside: a worker's clock stands
// still between I/O.
import { DurableObject } from "cloudflare:workers";
import { SqlStore } from "../../pkg/dist/engine/sql-store.js";
import { endpointOver } from "./endpoint.mjs";

export class Tokens extends DurableObject {
  #endpoint;

  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const [, rows, grant] = pathname.split("/");
    try {
      this.#endpoint ??= endpointOver(new SqlStore(this.ctx.storage.sql), Number(rows));
      const { run } = await this.#endpoint;
      if (grant !== "fill") await run(grant, Number(searchParams.get("calls")));
      return new Response("done");
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  }
}

export default {
  fetch(request, env) {
    const [, rows] = new URL(request.url).pathname.split("/");
    return env.TOKENS.get(env.TOKENS.idFromName(rows)).fetch(request);
  },
};
