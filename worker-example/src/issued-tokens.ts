// The endpoints for tokens that were issued before, introspection and revocation: the engine
// answers both.
import { type Env, issuerOf } from "./config";
import { engineOf } from "./engine-object";
import { brokenOff, gathered } from "./http";
import { log } from "./log";

/** Answers `/introspect` (RFC 7662): for protected resources, which are servers. */
export async function introspect(request: Request, env: Env): Promise<Response> {
  const whole = await gathered(request);
  if (whole === null) return brokenOff();
  const engine = engineOf(env, issuerOf(env, request));
  return told("introspect", await engine.handleIntrospectionRequest(whole));
}

/** Answers `/revoke` (RFC 7009): for every client, also in a page, when its user signs out. */
export async function revoke(request: Request, env: Env): Promise<Response> {
  const whole = await gathered(request);
  if (whole === null) return brokenOff();
  const engine = engineOf(env, issuerOf(env, request));
  const answer = await told("revoke", await engine.handleRevocationRequest(whole));
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
