// What a browser does between a page and its server, for a server in this tab: it follows redirects
// and keeps the cookie of the login form.
import { respond } from "../src/app";
import { formTokenField } from "../src/csrf";
import { randomText } from "../src/http";
import { statePrefix } from "../src/playground-request";
import type { Host } from "../src/site";

/** That of the demo, so that what is copied here works with `npm start`. */
export const issuer = "http://localhost:8787";

/** Where a request has led, and the answer there. */
export interface Visited {
  readonly response: Response;
  readonly url: string;
}

/** Lets the server answer a request, and follows its redirects as far as they lead to itself. */
export async function follow(request: Request, host: Host): Promise<Visited> {
  const { url, signal } = request;
  if (new URL(url).origin !== issuer)
    throw new Error(`Only ${issuer} can be reached from here, which is in this tab.`);
  const response = await respond(asFromBrowser(request), host);
  signal.throwIfAborted();
  const location = response.headers.get("location");
  if (location === null) return { response, url };
  const next = new URL(location, url);
  if (isBack(next) || next.origin !== issuer)
    return { response: new Response("The browser is back at the client."), url: next.href };
  // A redirect is followed with GET (RFC 9700 §4.12).
  return follow(new Request(next, { headers: request.headers, signal }), host);
}

/** Whether an address is the one at which the playground's logins end. */
export function isBack(url: URL): boolean {
  const state = url.searchParams.get("state");
  return (
    `${url.origin}${url.pathname}` === `${issuer}/callback` &&
    state?.startsWith(statePrefix) === true
  );
}

/** What the login form's cookie holds in this tab. */
const formToken = randomText();

/**
 * A page can't give a request cookies, nor say by itself where it comes from; but the server reads
 * both from the headers alone.
 */
function asFromBrowser(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set("cookie", `${formTokenField}=${formToken}`);
  headers.set("sec-fetch-site", "same-origin");
  return Object.defineProperty(request, "headers", { value: headers });
}
