// The endpoints for tokens that were issued before, introspection and revocation: the engine
// answers both.
import { brokenOff, gathered } from "./http";
import { log } from "./log";
import type { Site } from "./site";

/** Answers `/introspect` (RFC 7662): for protected resources, which are servers. */
export async function introspect(request: Request, { backend }: Site): Promise<Response> {
  const whole = await gathered(request);
  return whole === null ? brokenOff() : told("introspect", await backend.introspect(whole));
}

/** Answers `/revoke` (RFC 7009): for every client, also in a page, when its user signs out. */
export async function revoke(request: Request, { backend }: Site): Promise<Response> {
  const whole = await gathered(request);
  if (whole === null) return brokenOff();
  const answer = await told("revoke", await backend.revoke(whole));
  answer.headers.set("access-control-expose-headers", "WWW-Authenticate");
  return answer;
}

/** Logs a refusal: the resource server or client often shows nothing of it. */
async function told(endpoint: string, answer: Response): Promise<Response> {
  const { status, headers } = answer;
  if (answer.ok) return new Response(answer.body, { status, headers });
  const text = await answer.text();
  log({ type: "refused", endpoint, status, ...(text !== "" && JSON.parse(text)) });
  return new Response(text || null, { status, headers });
}
