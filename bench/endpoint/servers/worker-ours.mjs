// Our token endpoint as in the worker example: a stateless worker, and behind it a Durable Object
// that runs the endpoint and the engine, with its state in SQLite. With LOG=1, it logs its events.
import { DurableObject } from "cloudflare:workers";
import { AuthleteClient, handlePlainTokenRequest } from "authlete-token";
import { createEngine } from "authlete-token/engine";
import { client, pkce, redirectUri, scope } from "../client.mjs";
import { config, service } from "../engine-config.mjs";

const log = (event) => console.log(JSON.stringify(event));

/** The engine. */
export class Tokens extends DurableObject {
  #engine;
  #options;

  async token({ body, ...head }) {
    this.#options ??= await this.#endpoint();
    return handlePlainTokenRequest({ ...head, bytes: async () => body }, this.#options);
  }

  /** That many authorization codes. */
  async codes(count) {
    const engine = await this.#running();
    const codes = [];
    for (let n = 0; n < count; n += 1) {
      const { code } = await engine.issueAuthorizationCode({
        client_id: client.id,
        subject: "user-1",
        scope,
        redirect_uri: redirectUri,
        code_challenge: pkce.challenge,
        code_challenge_method: "S256",
      });
      codes.push(code);
    }
    return codes;
  }

  #running() {
    this.#engine ??= createEngine(config, {
      storage: this.ctx.storage,
      sweep: false,
      ...(this.env.LOG === "1" && { onEvent: log }),
    });
    return this.#engine;
  }

  async #endpoint() {
    const engine = await this.#running();
    return {
      authlete: new AuthleteClient({ ...service, engine }),
      ...(this.env.LOG === "1" && {
        onEvent: (event, { resultMessage }) => log({ ...event, resultMessage }),
      }),
    };
  }
}

export default {
  async fetch(request, env) {
    const engine = env.TOKENS.get(env.TOKENS.idFromName("as"));
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/codes")
      return Response.json(await engine.codes(Number(searchParams.get("count"))));
    const { method, url } = request;
    const headers = Object.fromEntries(request.headers);
    const body = new Uint8Array(await request.arrayBuffer());
    const answer = await engine.token({ method, url, headers, body });
    return new Response(answer.body, {
      status: answer.status,
      headers: Object.entries(answer.headers).flatMap(([name, values]) =>
        [values].flat().map((value) => [name, value]),
      ),
    });
  },
};
