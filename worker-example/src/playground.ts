// The playground: its page and files, what it asks about the configuration, and what was recorded
// for it. Only in the demo, and only for browsers and scripts on this machine.
import type { DemoClient, DemoUser, Setup } from "../playground/model";
import { type Client, clientsOf, configOf, isBuiltIn, isDemo, usersOf } from "./config";
import { isLocal, json, seeOther, sentence } from "./http";
import { baseOf } from "./issuer";
import { scriptedPage, withoutSniffing } from "./pages";
import { traceHeader } from "./playground-request";
import type { Site } from "./site";
import { startPage } from "./start-page";

/**
 * Whether there is a playground for this request. Its page sends requests to the issuer, so it must
 * be opened there.
 */
export function isPlayground(
  request: Request,
  { env, issuer, playground }: Pick<Site, "env" | "issuer" | "playground">,
): boolean {
  const { origin } = new URL(request.url);
  return playground && isDemo(env) && isLocal(request) && origin === new URL(issuer).origin;
}

/** Answers `/`. */
export function home(request: Request, site: Site): Response | Promise<Response> {
  const { pathname, search } = new URL(request.url);
  // What the page loads is next to it.
  if (!pathname.endsWith("/")) return seeOther(`${pathname}/${search}`);
  return isPlayground(request, site) ? htmlFile("index.html", site) : startPage(request, site);
}

/** Answers a page that runs scripts. */
export async function htmlFile(name: string, site: Site): Promise<Response> {
  return scriptedPage(await fileOf(name, site));
}

/** Answers a file that the playground's page loads, such as `main.js`. */
export async function pageFile(request: Request, site: Site): Promise<Response> {
  const name = new URL(request.url).pathname.split("/").at(-1) ?? "";
  return withoutSniffing(await fileOf(name, site));
}

/** Answers `/style.css`, which every page loads. */
export function pageStyle(_request: Request, { style }: Site): Response {
  const headers = { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" };
  return style === undefined ? nothing() : withoutSniffing(new Response(style, { headers }));
}

async function fileOf(name: string, { file }: Site): Promise<Response> {
  const answer = await file?.(name);
  return answer?.ok ? answer : nothing();
}

function nothing(): Response {
  return sentence(404, "There is nothing at this address.");
}

/** Whether a request comes from a page of this server, or from no page at all. */
export function isOwnPage(request: Request): boolean {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  return (
    (origin === null || origin === new URL(request.url).origin) &&
    (site === null || site === "same-origin")
  );
}

const forOthers = "This address is only for pages of this server.";
const noStore = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
};

/** Answers `/playground/setup`. */
export function setup(request: Request, { env, issuer }: Site): Response {
  if (!isOwnPage(request)) return sentence(403, forOthers);
  const own = !isBuiltIn(env);
  const answer: Setup = {
    issuer,
    clients: clientsOf(configOf(env, issuer)).map((client) => shownClient(client, issuer, own)),
    users: usersOf(env).map(
      ({ username, sub, password }): DemoUser =>
        own ? { username, sub } : { username, sub, password },
    ),
  };
  return json(answer, 200, noStore);
}

function shownClient(client: Client, issuer: string, own: boolean): DemoClient {
  const {
    client_id,
    client_name = client_id,
    client_secret,
    token_endpoint_auth_method = "client_secret_basic",
    grant_types = [],
    scope,
    redirect_uris,
    resource_identifiers,
    dpop_bound_access_tokens,
    tls_client_certificate_bound_access_tokens,
  } = client;
  const back = `${baseOf(issuer)}/callback`;
  return {
    client_id,
    client_name,
    ...(client_secret !== undefined && !own && { client_secret }),
    token_endpoint_auth_method,
    grant_types,
    ...(scope !== undefined && { scope }),
    ...(redirect_uris?.includes(back) && { redirect_uri: back }),
    ...(resource_identifiers && { resource_identifiers }),
    ...(dpop_bound_access_tokens && { dpop_bound_access_tokens }),
    ...(tls_client_certificate_bound_access_tokens && {
      tls_client_certificate_bound_access_tokens,
    }),
  };
}

/** The ID of the trace that a request may have recorded. */
export function traceOf(
  request: Request,
  site: Pick<Site, "env" | "issuer" | "playground">,
): string | undefined {
  const id = request.headers.get(traceHeader);
  return id !== null &&
    /^[\da-f]{32}$/.test(id) &&
    isPlayground(request, site) &&
    isOwnPage(request)
    ? id
    : undefined;
}

/** Answers `/playground/trace`, to the one who knows the trace's ID. */
export async function recorded(request: Request, site: Site): Promise<Response> {
  if (!isOwnPage(request)) return sentence(403, forOthers);
  const id = traceOf(request, site);
  const entries = id === undefined ? undefined : await site.backend.recorded(id);
  return entries === undefined
    ? sentence(404, "Nothing was recorded with this Playground-Trace, or it is no longer known.")
    : json({ entries }, 200, noStore);
}
