// What our endpoint does for client_credentials, by hand and with hardly any checks: the same two
// hops with the same values between them, the same hashes, the same statements on the same table,
// and the same headers. It shows how fast the platform is for anyone who stores as much.
import { DurableObject } from "cloudflare:workers";
import { client, scope } from "../client.mjs";

const lifetime = 3600;
const encoder = new TextEncoder();
const sha256 = (text) => crypto.subtle.digest("SHA-256", encoder.encode(text));
const registered = sha256(client.secret);

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const random = (length) => base64url(crypto.getRandomValues(new Uint8Array(length)));

/** The state. */
export class Tokens extends DurableObject {
  #sql;

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS authlete_token_records (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID",
    );
    this.#sql.exec(
      "CREATE INDEX IF NOT EXISTS authlete_token_records_by_expiry ON authlete_token_records (expires_at)",
    );
  }

  /** `/auth/token`, as a remote call: over `fetch` it would take more time. */
  async token({ parameters, clientId, clientSecret }) {
    const form = new URLSearchParams(parameters);
    const now = Date.now();
    const id = random(16);
    const token = id + random(32);
    const [expected, presented, hash] = await Promise.all([
      registered,
      sha256(clientSecret),
      sha256(token),
    ]);
    if (clientId !== client.id || !crypto.subtle.timingSafeEqual(expected, presented))
      return { action: "INVALID_CLIENT", responseContent: '{"error":"invalid_client"}' };
    if (form.get("grant_type") !== "client_credentials" || form.get("scope") !== scope)
      return { action: "BAD_REQUEST", responseContent: '{"error":"invalid_request"}' };
    const expires = now + lifetime * 1000;
    this.#store(now, expires, id, base64url(new Uint8Array(hash)));
    return {
      resultCode: "A059001",
      resultMessage:
        "[A059001] The token request (grant_type=client_credentials) was processed successfully.",
      action: "OK",
      responseContent: JSON.stringify({
        access_token: token,
        token_type: "Bearer",
        expires_in: lifetime,
        scope,
      }),
      accessToken: token,
      accessTokenExpiresAt: expires,
      accessTokenDuration: lifetime,
      grantType: "CLIENT_CREDENTIALS",
      clientId: 5549781697431471,
      clientIdAlias: client.id,
      clientIdAliasUsed: true,
      scopes: [scope],
      clientAuthMethod: "CLIENT_SECRET_BASIC",
    };
  }

  /** The grant and its token, unless there is such a record; if there is, the statement fails. */
  #store(now, expires, id, hash) {
    const grant = { client: 5549781697431471, client_id: client.id };
    const issued_at = Math.floor(now / 1000);
    const access_token = { hash, scopes: [scope], issued_at, expires_at: expires };
    this.#sql
      .exec(
        "INSERT INTO authlete_token_records (kind, key, value, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, expires_at = CASE WHEN expires_at <= ? THEN excluded.expires_at END",
        ...["grant", `1:${id}`, JSON.stringify({ grant, access_token }), expires, now],
      )
      .toArray();
  }
}

const STATUS = { OK: 200, BAD_REQUEST: 400, INVALID_CLIENT: 401 };

export default {
  async fetch(request, env) {
    const tokens = env.TOKENS.get(env.TOKENS.idFromName("as"));
    const [clientId, clientSecret] = atob(request.headers.get("authorization").slice(6))
      .split(":")
      .map(decodeURIComponent);
    const call = { parameters: await request.text(), clientId, clientSecret };
    const answer = await tokens.token(call);
    return new Response(answer.responseContent, {
      status: STATUS[answer.action],
      headers: {
        "cache-control": "no-store",
        pragma: "no-cache",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
        "access-control-expose-headers":
          "DPoP-Nonce, WWW-Authenticate, OAuth-Client-Attestation-Challenge, Retry-After",
        "content-type": "application/json",
      },
    });
  },
};
