// A Cloudflare Worker: the types of its runtime, and no DOM.
import { DurableObject } from "cloudflare:workers";
import { AuthleteClient, handlePlainTokenRequest, handleTokenRequest } from "authlete-token";
import { createEngine, type Engine, type Introspection } from "authlete-token/engine";

interface Env {
  readonly AUTHLETE_SERVICE_ID: string;
  readonly AUTHLETE_BEARER: string;
  readonly AUTHLETE: Fetcher;
  readonly ENGINE: DurableObjectNamespace<EngineObject>;
}

export class EngineObject extends DurableObject<Env> {
  readonly #engine: Promise<Engine>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#engine = createEngine(
      { service: { serviceId: "1", bearer: "dev", issuer: "http://localhost" } },
      { storage: ctx.storage },
    );
    void createEngine(
      { service: { serviceId: "1", bearer: "dev", issuer: "http://localhost" } },
      { storage: ctx.storage.sql },
    );
  }

  override async fetch(request: Request): Promise<Response> {
    return (await this.#engine).fetch(request);
  }

  async introspect(token: string): Promise<Introspection> {
    return (await this.#engine).introspect(token);
  }
}

export default {
  async fetch(request, env, ctx): Promise<Response> {
    const stub = env.ENGINE.get(env.ENGINE.idFromName("engine"));
    const state = await stub.introspect("token");
    if (state.active) console.log(state.exp);
    const local = new AuthleteClient({
      serviceId: "1",
      bearer: "dev",
      fetch: (url, init) => stub.fetch(url, init),
    });
    const authlete = new AuthleteClient({
      serviceId: env.AUTHLETE_SERVICE_ID,
      bearer: env.AUTHLETE_BEARER,
      fetch: env.AUTHLETE.fetch.bind(env.AUTHLETE),
      onEvent: (event) => ctx.waitUntil(Promise.resolve(console.log(JSON.stringify(event)))),
    });
    if (!state.active) {
      const { status } = await handlePlainTokenRequest(
        {
          method: request.method,
          url: request.url,
          headers: Object.fromEntries(request.headers),
          cf: { tlsClientAuth: request.cf?.tlsClientAuth },
          bytes: async () => new Uint8Array(await request.arrayBuffer()),
        },
        { authlete, clientCertificate: "cloudflare" },
      );
      return new Response(null, { status });
    }
    return handleTokenRequest(request, {
      authlete: state.active ? local : authlete,
      tokenExchange: () => Response.json({}),
    });
  },
} satisfies ExportedHandler<Env>;
