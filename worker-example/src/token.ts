// The route of the token endpoint: over an Authlete server it runs here, over the embedded engine
// where that is, in a worker in its Durable Object.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { certificateSource, shownToCloudflare } from "./client-certificate";
import { type Env, usesAuthlete } from "./config";
import { brokenOff, gatheredBody, json } from "./http";
import { log } from "./log";
import type { Site } from "./site";
import { tokenOptions } from "./token-endpoint";

/** Answers a request to the token endpoint. */
export async function token(request: Request, { env, backend }: Site): Promise<Response> {
  if (usesAuthlete(env)) return handleTokenRequest(request, tokenOptions(env, serviceOf(env)));
  const { method, url } = request;
  const headers = Object.fromEntries(request.headers);
  const body = await gatheredBody(request);
  if (body === null) return brokenOff();
  try {
    const answer = await backend.token({
      method,
      url,
      headers,
      body,
      // It belongs to the connection, which ends here.
      ...(certificateSource(env) === "cloudflare" && { cf: shownToCloudflare(request) }),
    });
    return new Response(answer.body.length > 0 ? (answer.body as BodyInit) : null, {
      status: answer.status,
      headers: Object.entries(answer.headers).flatMap(([name, values]) =>
        [values].flat().map((value): [string, string] => [name, value]),
      ),
    });
  } catch (error) {
    // The object is overloaded, or was just replaced by a newer version of the worker.
    log({ type: "failed", error: error instanceof Error ? error.message : typeof error });
    return json({ error: "temporarily_unavailable" }, 503, {
      "cache-control": "no-store",
      pragma: "no-cache",
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
