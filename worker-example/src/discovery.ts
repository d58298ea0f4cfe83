// What clients look up: the signing keys and the two discovery documents.
import { isDemo } from "./config";
import { json } from "./http";
import type { Site } from "./site";

/** Public documents, which may be cached for a short time. */
const shared = { "cache-control": "public, max-age=60" };

/** Answers `/jwks` (RFC 7517 §5): the public halves of the keys that sign ID tokens. */
export async function jwks(_request: Request, { backend }: Site): Promise<Response> {
  return json(await backend.jwks(), 200, shared);
}

/**
 * Answers both discovery documents (RFC 8414, OpenID Connect Discovery): the engine's metadata and
 * what this worker adds.
 */
export async function discovery(_request: Request, { env, backend }: Site): Promise<Response> {
  const metadata = await backend.metadata();
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
