// What clients look up: the signing keys and the two discovery documents.
import { type Env, isDemo, issuerOf } from "./config";
import { engineOf } from "./engine-object";
import { json } from "./http";

/** Public documents, which may be cached for a short time. */
const shared = { "cache-control": "public, max-age=60" };

/** Answers `/jwks` (RFC 7517 §5): the public halves of the keys that sign ID tokens. */
export async function jwks(request: Request, env: Env): Promise<Response> {
  return json(await engineOf(env, issuerOf(env, request)).jwks(), 200, shared);
}

/**
 * Answers both discovery documents (RFC 8414, OpenID Connect Discovery): the engine's metadata and
 * what this worker adds.
 */
export async function discovery(request: Request, env: Env): Promise<Response> {
  const issuer = issuerOf(env, request);
  const metadata: object = await engineOf(env, issuer).metadata();
  if (isDemo(env))
    return json(
      { ...metadata, prompt_values_supported: ["none", "login", "consent"] },
      200,
      shared,
    );
  // The endpoint of the login stays in it, though the login is off: MCP clients refuse a document
  // without it, also for client credentials.
  return json(metadata, 200, shared);
}
