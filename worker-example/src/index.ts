// The worker: its routes, and which of them are on.
import { authorize } from "./authorize";
import { callback } from "./callback";
import { type Env, isDemo, usesAuthlete } from "./config";
import { discovery, jwks } from "./discovery";
import { json, sentence } from "./http";
import { playground } from "./playground";
import { log, token } from "./token";
import { userinfo } from "./userinfo";

export { EngineObject } from "./engine-object";

type Handler = (request: Request, env: Env) => Response | Promise<Response>;

interface Route {
  readonly handler: Handler;
  /** The methods it takes; left out, the handler judges by itself. */
  readonly methods?: readonly string[];
  /** When it is on: always, with the embedded engine, or in the demo. */
  readonly on: "always" | "engine" | "demo";
}

const read = ["GET", "HEAD"];

const routes: Readonly<Record<string, Route>> = {
  "/": { handler: playground, methods: read, on: "always" },
  "/token": { handler: token, on: "always" },
  "/jwks": { handler: jwks, methods: read, on: "engine" },
  "/userinfo": { handler: userinfo, methods: ["GET", "POST", "OPTIONS"], on: "engine" },
  "/.well-known/openid-configuration": { handler: discovery, methods: read, on: "engine" },
  "/.well-known/oauth-authorization-server": { handler: discovery, methods: read, on: "engine" },
  "/authorize": { handler: authorize, methods: ["GET", "POST"], on: "demo" },
  "/callback": { handler: callback, methods: ["GET", "POST"], on: "demo" },
};

export default {
  async fetch(request, env): Promise<Response> {
    try {
      return await respond(request, env);
    } catch (error) {
      // A wrong configuration, or the Durable Object out of reach. The cause is for the log, not for the client.
      log({ type: "failed", error: error instanceof Error ? error.message : typeof error });
      return json({ error: "server_error" }, 500, { "cache-control": "no-store" });
    }
  },
} satisfies ExportedHandler<Env>;

function respond(request: Request, env: Env): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
  if (route === undefined) return sentence(404, "There is nothing at this address.");
  if (route.on !== "always" && usesAuthlete(env)) {
    return sentence(404, "This address belongs to the embedded engine, which is off: an Authlete server answers the token requests.");
  }
  if (route.on === "demo" && !isDemo(env)) return sentence(404, "This address belongs to the demo, which only npm start switches on.");
  if (route.methods !== undefined && !route.methods.includes(request.method)) {
    return sentence(405, `This address takes ${route.methods.join(" and ")}.`, { allow: route.methods.join(", ") });
  }
  return route.handler(request, env);
}
