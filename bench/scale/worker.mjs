// A worker whose Durable Objects have one endpoint each, over SQLite with live rows:
// `/ROWS/fill`, and `/ROWS/GRANT?calls=N`. Their time is measured outside: a worker's clock stands
// still between I/O. The object of `/memory/issue?calls=N` and `/memory/expire` begins without
// rows.
import { DurableObject } from "cloudflare:workers";
import { SqlStore } from "../../js/engine/sql-store.ts";
import { endpointOver, filledEndpoint, mortalTokens } from "./endpoint.mjs";

export class Tokens extends DurableObject {
  #endpoint;
  #tokens;

  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const [, rows, grant] = pathname.split("/");
    try {
      if (rows === "memory") {
        this.#tokens ??= await mortalTokens(new SqlStore(this.ctx.storage.sql));
        return Response.json(
          (await this.#tokens[grant](Number(searchParams.get("calls")))) ?? null,
        );
      }
      this.#endpoint ??= this.#open(Number(rows));
      const { run } = await this.#endpoint;
      if (grant !== "fill") await run(grant, Number(searchParams.get("calls")));
      return new Response("done");
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  }

  /** workerd may have evicted the object after it was filled. */
  #open(rows) {
    const { sql } = this.ctx.storage;
    const store = new SqlStore(sql);
    const [{ found }] = sql
      .exec("SELECT EXISTS (SELECT 1 FROM authlete_token_records) AS found")
      .toArray();
    return found ? endpointOver(store) : filledEndpoint(store, rows);
  }
}

export default {
  fetch(request, env) {
    const [, rows] = new URL(request.url).pathname.split("/");
    return env.TOKENS.get(env.TOKENS.idFromName(rows)).fetch(request);
  },
};
