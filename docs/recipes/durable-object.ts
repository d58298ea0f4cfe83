// The embedded engine in a Durable Object, and in front of it the token endpoint that production
// has: it needs no Authlete account, and its state survives restarts.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { createEngine, type Engine, failedEngine } from "authlete-token/engine";
import { DurableObject } from "cloudflare:workers";

type Env = {
  AUTHLETE_BEARER: string;
  CLIENT_SECRET: string;
  ENGINE: DurableObjectNamespace<EngineObject>;
};

/**
 * One object is one authorization server. In wrangler's configuration: the binding ENGINE, and
 * `"new_sqlite_classes": ["EngineObject"]` among its migrations.
 */
export class EngineObject extends DurableObject<Env> {
  #engine: Promise<Engine> | undefined;

  override async fetch(request: Request): Promise<Response> {
    try {
      this.#engine ??= createEngine(
        {
          service: {
            serviceId: "1",
            bearer: this.env.AUTHLETE_BEARER,
            issuer: "https://as.example.com",
            supportedScopes: ["read"],
          },
          clients: [
            {
              client_id: "service",
              client_secret: this.env.CLIENT_SECRET,
              grant_types: ["client_credentials"],
              scope: "read",
            },
          ],
        },
        { storage: this.ctx.storage, onEvent: (event) => console.log(JSON.stringify(event)) },
      );
      return await (await this.#engine).fetch(request);
    } catch (error) {
      this.#engine = undefined; // The next request tries again.
      return failedEngine(error).fetch(request); // Tells the reason to our own worker, not to the OAuth client.
    }
  }
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    for (const name of ["AUTHLETE_BEARER", "CLIENT_SECRET", "ENGINE"] as const)
      if (!env[name]) throw new Error(`The variable or binding ${name} is not set.`);
    const engine = env.ENGINE.get(env.ENGINE.idFromName("as"));
    const fetch = (url: string, init: RequestInit) => engine.fetch(url, init);
    const authlete = new AuthleteClient({
      serviceId: "1",
      bearer: env.AUTHLETE_BEARER,
      serverURL: "http://localhost",
      fetch,
    });
    // `resultMessage` names what is wrong with a configuration. It may also quote a request: let
    // only those read this log who may read your credentials.
    return handleTokenRequest(request, {
      authlete,
      onEvent: (event, { resultMessage }) =>
        console.log(JSON.stringify({ ...event, resultMessage })),
    });
  },
} satisfies ExportedHandler<Env>;
