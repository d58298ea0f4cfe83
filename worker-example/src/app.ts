// The authorization server: its routes, and which of them are on. It runs in a worker, and in a
// page.
import { authorize } from "./authorize";
import { callback } from "./callback";
import { challenge } from "./challenge";
import { isDemo, issuerOf, usesAuthlete, wrongVariables } from "./config";
import { demoKey, keyFiles, keyPath } from "./demo-keys";
import { discovery, jwks } from "./discovery";
import { isInsecure, json, preflight, sentence } from "./http";
import { introspect, revoke } from "./issued-tokens";
import { baseOf, pathOf } from "./issuer";
import { log } from "./log";
import { home, isPlayground, pageFile, pageStyle, recorded, setup, traceOf } from "./playground";
import type { Host, Site } from "./site";
import { token } from "./token";
import { userinfo } from "./userinfo";

type Handler = (request: Request, site: Site) => Response | Promise<Response>;

interface Route {
  readonly handler: Handler;
  /** The methods it accepts; if absent, the handler checks them itself. */
  readonly methods?: readonly string[];
  /**
   * When it is on: always, only with the embedded engine, only in the demo, or only where the
   * playground is.
   */
  readonly on: "always" | "engine" | "demo" | "playground";
  /** Pages of every origin may read it: it uses no cookies. */
  readonly open?: true;
  /** Its requests carry secrets or tokens, so they must come over https; `/token` checks itself. */
  readonly secret?: true;
}

const read = ["GET", "HEAD"];

const routes: Readonly<Record<string, Route>> = {
  "/": { handler: home, methods: read, on: "always" },
  "/style.css": { handler: pageStyle, methods: read, on: "always" },
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
  "/playground/setup": { handler: setup, methods: read, on: "playground" },
  "/playground/trace": { handler: recorded, methods: read, on: "playground" },
  ...Object.fromEntries(
    keyFiles.map((name) => [
      keyPath(name),
      { handler: demoKey, methods: read, on: "demo" } as const,
    ]),
  ),
};

/** What the playground's pages load. */
const playgroundFile: Route = { handler: pageFile, methods: read, on: "playground" };

/** Answers every request. */
export async function respond(request: Request, host: Host): Promise<Response> {
  try {
    return await routed(request, host);
  } catch (error) {
    return failed(error);
  }
}

async function routed(request: Request, host: Host): Promise<Response> {
  const { env } = host;
  const wrong = wrongVariables(env);
  if (wrong !== undefined) {
    log({ type: "failed", error: wrong });
    return sentence(503, wrong);
  }
  const issuer = issuerOf(env, request);
  const path = pathOf(issuer);
  const route = routeOf(new URL(request.url).pathname, path);
  if (route === undefined) {
    return sentence(
      404,
      `There is nothing at this address${path === "" ? "" : `: the addresses of this server begin with ${baseOf(issuer)}/`}.`,
    );
  }
  const { playground, style, file } = host;
  const backend = host.backend(issuer, traceOf(request, { env, issuer, playground }));
  const site: Site = { env, issuer, backend, playground, style, file };
  if (!route.open) return answer(route, request, site);
  const response = await answer(route, request, site).catch(failed);
  response.headers.set("access-control-allow-origin", "*");
  return response;
}

/**
 * The route for a path. If the issuer has a path, all addresses begin with it (OpenID Connect
 * Discovery §4); a well-known address may have it at the end instead (RFC 8414 §3.1 and §5).
 */
function routeOf(pathname: string, path: string): Route | undefined {
  const wellKnown = pathname.startsWith("/.well-known/") && pathname.endsWith(path);
  const name = wellKnown
    ? pathname.slice(0, pathname.length - path.length)
    : pathname === path
      ? "/"
      : pathname.startsWith(`${path}/`)
        ? pathname.slice(path.length)
        : "";
  if (Object.hasOwn(routes, name)) return routes[name];
  return /^\/[\w-]+\.(?:js|wasm)$/.test(name) ? playgroundFile : undefined;
}

async function answer(route: Route, request: Request, site: Site): Promise<Response> {
  const { env } = site;
  if (route.on !== "always" && usesAuthlete(env)) {
    return sentence(
      404,
      "This address belongs to the embedded engine, which is off: AUTHLETE_* variables select an Authlete server.",
    );
  }
  if ((route.on === "demo" || route.on === "playground") && !isDemo(env))
    return sentence(
      404,
      "This address belongs to the demo, which is off: only DEMO=1 switches it on.",
    );
  if (route.on === "playground" && !isPlayground(request, site))
    return sentence(
      404,
      "This address belongs to the playground, which is off here: `npm start` has it, at its own address.",
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
  return route.handler(request, site);
}

/**
 * For an unusable configuration, or an engine that can't be reached. The cause goes to the log, not
 * to the client.
 */
function failed(error: unknown): Response {
  log({ type: "failed", error: error instanceof Error ? error.message : typeof error });
  return json({ error: "server_error" }, 500, { "cache-control": "no-store" });
}
