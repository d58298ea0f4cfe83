// The endpoints for tokens that were issued before, introspection and revocation: the engine
// answers both.
import { type Env, issuerOf } from "./config";
import { engineOf } from "./engine-object";

/** Answers `/introspect` (RFC 7662): for protected resources, which are servers. */
export async function introspect(request: Request, env: Env): Promise<Response> {
  return engineOf(env, issuerOf(env, request)).handleIntrospectionRequest(request);
}

/** Answers `/revoke` (RFC 7009): for every client, also in a page, when its user signs out. */
export async function revoke(request: Request, env: Env): Promise<Response> {
  const { body, status, headers } = await engineOf(
    env,
    issuerOf(env, request),
  ).handleRevocationRequest(request);
  const answer = new Response(body, { status, headers });
  answer.headers.set("access-control-expose-headers", "WWW-Authenticate");
  return answer;
}
