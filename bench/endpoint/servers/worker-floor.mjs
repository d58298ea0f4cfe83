// The floor: the same two hops by hand. The worker compares the client's credentials with a
// constant, and the Durable Object stores the hash of a random token in its SQLite. There are no
// other checks, and only one grant.
import { DurableObject } from "cloudflare:workers";
import { client, scope } from "../client.mjs";

const credentials = `Basic ${btoa(`${client.id}:${client.secret}`)}`;
const encoder = new TextEncoder();

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** The tokens. */
export class Tokens extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS tokens (hash BLOB PRIMARY KEY, scope TEXT, expires INTEGER) WITHOUT ROWID",
    );
  }

  async fetch(request) {
    const granted = (await request.json()).scope;
    const token = base64url(crypto.getRandomValues(new Uint8Array(32)));
    const hash = await crypto.subtle.digest("SHA-256", encoder.encode(token));
    this.ctx.storage.sql.exec(
      "INSERT INTO tokens VALUES (?, ?, ?)",
      hash,
      granted,
      Date.now() + 3_600_000,
    );
    return Response.json({
      access_token: token,
      token_type: "Bearer",
      expires_in: 3600,
      scope: granted,
    });
  }
}

export default {
  async fetch(request, env) {
    const form = new URLSearchParams(await request.text());
    if (request.headers.get("authorization") !== credentials)
      return Response.json({ error: "invalid_client" }, { status: 401 });
    if (form.get("grant_type") !== "client_credentials" || form.get("scope") !== scope)
      return Response.json({ error: "invalid_request" }, { status: 400 });
    const tokens = env.TOKENS.get(env.TOKENS.idFromName("as"));
    const answer = await tokens.fetch("https://tokens.invalid/", {
      method: "POST",
      body: JSON.stringify({ scope }),
    });
    return new Response(await answer.text(), {
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        pragma: "no-cache",
      },
    });
  },
};
