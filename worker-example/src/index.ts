// The worker: its routes, and which of them are on.
import { authorize } from "./authorize";
import { callback } from "./callback";
import { challenge } from "./challenge";
import { baseOf, type Env, isDemo, issuerOf, pathOf, usesAuthlete, wrongVariables } from "./config";
import { demoKey, keyFiles, keyPath } from "./demo-keys";
import { discovery, jwks } from "./discovery";
import { isInsecure, json, preflight, sentence } from "./http";
import { introspect, revoke } from "./issued-tokens";
import { log } from "./log";
import { playground } from "./playground";
import { token } from "./token";
import { userinfo } from "./userinfo";

export { EngineObject } from "./engine-object";

type Handler = (request: Request, env: Env) => Response | Promise<Response>;

interface Route {
  readonly handler: Handler;
  /** The methods it accepts; if absent, the handler checks them itself. */
  readonly methods?: readonly string[];
  /** When it is on: always, only with the embedded engine, or only in the demo. */
  readonly on: "always" | "engine" | "demo";
  /** Pages of every origin may read it: it uses no cookies. */
  readonly open?: true;
  /** Its requests carry secrets or tokens, so they must come over https; `/token` checks itself. */
  readonly secret?: true;
}

const read = ["GET", "HEAD"];

const routes: Readonly<Record<string, Route>> = {
  "/": { handler: playground, methods: read, on: "always" },
  "/token": { handler: token, on: "always" },
  "/jwks": { handler: jwks, methods: read, on: "engine", open: true },
  "/userinfo": {
    handler: userinfo,
    methods: ["GET", "POST"],
    on: "engine",
    open: true,
    secret: true,
  },
  "/challenge": { handler: challenge, methods: ["POST"], on: "engine", open: true },
  "/introspect": { handler: introspect, on: "engine", secret: true },
  "/revoke": { handler: revoke, methods: ["POST"], on: "engine", open: true, secret: true },
  "/.well-known/openid-configuration": {
    handler: discovery,
    methods: read,
    on: "engine",
    open: true,
  },
  "/.well-known/oauth-authorization-server": {
    handler: discovery,
    methods: read,
    on: "engine",
    open: true,
  },
  "/authorize": { handler: authorize, methods: ["GET", "POST"], on: "demo" },
  "/callback": { handler: callback, methods: ["GET", "POST"], on: "demo" },
  ...Object.fromEntries(
    keyFiles.map((name) => [
      keyPath(name),
      { handler: demoKey, methods: read, on: "demo" } as const,
    ]),
  ),
};

export default {
  async fetch(request, env): Promise<Response> {
    try {
      return await respond(request, env);
    } catch (error) {
      return failed(error);
    }
  },
} satisfies ExportedHandler<Env>;

async function respond(request: Request, env: Env): Promise<Response> {
  const wrong = wrongVariables(env);
  if (wrong !== undefined) {
    log({ type: "failed", error: wrong });
    return sentence(503, wrong);
  }
  const issuer = issuerOf(env, request);
  const name = routeName(new URL(request.url).pathname, pathOf(issuer));
  const route = name !== undefined && Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route === undefined) {
    return sentence(
      404,
      `There is nothing at this address${pathOf(issuer) === "" ? "" : `: the addresses of this server begin with ${baseOf(issuer)}/`}.`,
    );
  }
  if (!route.open) return answer(route, request, env);
  const response = await answer(route, request, env).catch(failed);
  response.headers.set("access-control-allow-origin", "*");
  return response;
}

/**
 * The key in `routes` for a path. If the issuer has a path, all addresses begin with it (OpenID
 * Connect Discovery §4); a well-known address may have it at the end instead (RFC 8414 §3.1 and
 * §5).
 */
function routeName(pathname: string, path: string): string | undefined {
  if (pathname === path) return "/";
  if (pathname.startsWith("/.well-known/") && pathname.endsWith(path))
    return pathname.slice(0, pathname.length - path.length);
  return pathname.startsWith(`${path}/`) ? pathname.slice(path.length) : undefined;
}

async function answer(route: Route, request: Request, env: Env): Promise<Response> {
  if (route.on !== "always" && usesAuthlete(env)) {
    return sentence(
      404,
      "This address belongs to the embedded engine, which is off: AUTHLETE_* variables select an Authlete server.",
    );
  }
  if (route.on === "demo" && !isDemo(env))
    return sentence(
      404,
      "This address belongs to the demo, which is off: only DEMO=1 switches it on.",
    );
  if (route.methods !== undefined && !route.methods.includes(request.method)) {
    if (route.open && request.method === "OPTIONS") return preflight(route.methods);
    const allowed = [...route.methods, ...(route.open ? ["OPTIONS"] : [])];
    return sentence(405, `This address accepts only ${allowed.join(", ")}.`, {
      allow: allowed.join(", "),
    });
  }
  if (route.secret && env.ALLOW_INSECURE_REQUESTS !== "1" && isInsecure(request)) {
    const description = "This address must be called over https.";
    const refusal = { error: "invalid_request", error_description: description };
    return json(refusal, 400, { "cache-control": "no-store" });
  }
  return route.handler(request, env);
}

/**
 * For an unusable configuration, or a Durable Object that can't be reached. The cause goes to the
 * log, not to the client.
 */
function failed(error: unknown): Response {
  log({ type: "failed", error: error instanceof Error ? error.message : typeof error });
  return json({ error: "server_error" }, 500, { "cache-control": "no-store" });
}
