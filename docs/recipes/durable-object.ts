// The token endpoint and the embedded engine in a Durable Object: it needs no Authlete account, and
// its state survives restarts.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { createEngine, type Engine, failedEngine } from "authlete-token/engine";
import { DurableObject } from "cloudflare:workers";

type Env = {
  AUTHLETE_BEARER: string;
  CLIENT_SECRET: string;
  ENGINE: DurableObjectNamespace<EngineObject>;
};

// One object is one authorization server. In wrangler's configuration: the binding ENGINE, and
// `"new_sqlite_classes": ["EngineObject"]` among its migrations.
export class EngineObject extends DurableObject<Env> {
  #engine: Promise<Engine> | undefined;

  override async fetch(request: Request): Promise<Response> {
    const api = { serviceId: "1", bearer: this.env.AUTHLETE_BEARER };
    const authlete = new AuthleteClient({ ...api, engine: await this.#running() });
    // `resultMessage` may quote a request: let only those read this log who may read credentials.
    return handleTokenRequest(request, {
      authlete,
      onEvent: (event, { resultMessage }) =>
        console.log(JSON.stringify({ ...event, resultMessage })),
    });
  }

  /** Removes expired tokens. If it fails, it is tried again in an hour. */
  override async alarm(): Promise<void> {
    const { more } = await (await this.#running()).expire().catch(() => ({ more: false }));
    await this.ctx.storage.setAlarm(Date.now() + (more ? 0 : 3_600_000));
  }

  #running(): Promise<Engine> {
    this.#engine ??= this.#start().catch((error) => {
      this.#engine = undefined; // The next request tries again.
      return failedEngine(error); // Tells the reason to our `onEvent`, not to the OAuth client.
    });
    return this.#engine;
  }

  async #start(): Promise<Engine> {
    const { AUTHLETE_BEARER: bearer, CLIENT_SECRET: client_secret } = this.env;
    const { storage } = this.ctx;
    const issuer = "https://as.example.com";
    const scope = "read";
    const engine = await createEngine(
      {
        service: { serviceId: "1", bearer, issuer, supportedScopes: [scope] },
        clients: [
          { client_id: "service", client_secret, grant_types: ["client_credentials"], scope },
        ],
      },
      { storage, sweep: false, onEvent: (event) => console.log(JSON.stringify(event)) },
    );
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + 3_600_000);
    return engine;
  }
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    for (const name of ["AUTHLETE_BEARER", "CLIENT_SECRET", "ENGINE"] as const)
      if (!env[name]) throw new Error(`The variable or binding ${name} is not set.`);
    return env.ENGINE.get(env.ENGINE.idFromName("as")).fetch(request);
  },
} satisfies ExportedHandler<Env>;
