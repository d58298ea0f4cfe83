// The route of the token endpoint: over an Authlete server it runs here, over the embedded engine in
// the engine's Durable Object.
import { AuthleteClient } from "authlete-token";
import { type Env, issuerOf, usesAuthlete } from "./config";
import { engineOf } from "./engine-object";
import { json } from "./http";
import { log } from "./log";
import { answerTokenRequest } from "./token-endpoint";

/** Answers a request to the token endpoint. */
export async function token(request: Request, env: Env): Promise<Response> {
  if (usesAuthlete(env)) return answerTokenRequest(request, env, serviceOf(env));
  const engine = engineOf(env, issuerOf(env, request));
  try {
    return await engine.fetch(request);
  } catch (error) {
    // The object is overloaded, or has just been replaced: clients may try again (RFC 6749 §4.1.2.1
    // has the word for it).
    log({ type: "failed", error: error instanceof Error ? error.message : typeof error });
    return json({ error: "temporarily_unavailable" }, 503, {
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
    });
  }
}

/**
 * The client for an Authlete server. It is made per request, since the variables are known only
 * then.
 */
function serviceOf(env: Env): AuthleteClient {
  return new AuthleteClient({
    serviceId: env.AUTHLETE_SERVICE_ID ?? "",
    bearer: env.AUTHLETE_BEARER ?? "",
    ...(env.AUTHLETE_SERVER_URL && { serverURL: env.AUTHLETE_SERVER_URL }),
    ...(env.AUTHLETE_TIMEOUT_MS && { timeoutMs: Number(env.AUTHLETE_TIMEOUT_MS) }),
  });
}
