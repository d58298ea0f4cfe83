// The token endpoint: `handleTokenRequest`, connected to an Authlete server or to the embedded
// engine.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { configOf, type Env, issuerOf, usersOf, usesAuthlete } from "./config";
import { engineOf } from "./engine-object";
import { log } from "./log";
import { authenticate, claimsNamed, userBySubject } from "./users";

/** Answers a request to the token endpoint. */
export function token(request: Request, env: Env): Promise<Response> {
  return handleTokenRequest(request, {
    authlete: authleteOf(env, request),
    allowInsecureRequests: env.ALLOW_INSECURE_REQUESTS === "1",
    // The engine's `resultMessage` quotes nothing from a request; an Authlete server's may.
    onEvent: (event, { resultMessage }) =>
      log(usesAuthlete(env) ? event : { ...event, resultMessage }),
    ...(usersOf(env).length > 0 && userHooks(env)),
  });
}

/**
 * The hooks that need this worker's users: the password grant, and claims in a reissued ID token.
 */
function userHooks(env: Env) {
  return {
    authenticateUser: async (username: string, password: string) =>
      (await authenticate(env, username, password))?.sub ?? null,
    reissueIdToken: (response: {
      readonly subject?: string;
      readonly requestedIdTokenClaims?: readonly string[];
    }) => {
      const user = userBySubject(env, response.subject);
      return user
        ? { claims: JSON.stringify(claimsNamed(user, response.requestedIdTokenClaims ?? [])) }
        : null;
    },
  };
}

/**
 * The client for the four APIs. It is made per request: in Workers, an object that does I/O can't
 * be used in another request.
 */
function authleteOf(env: Env, request: Request): AuthleteClient {
  if (usesAuthlete(env)) {
    return new AuthleteClient({
      serviceId: env.AUTHLETE_SERVICE_ID ?? "",
      bearer: env.AUTHLETE_BEARER ?? "",
      ...(env.AUTHLETE_SERVER_URL && { serverURL: env.AUTHLETE_SERVER_URL }),
      ...(env.AUTHLETE_TIMEOUT_MS && { timeoutMs: Number(env.AUTHLETE_TIMEOUT_MS) }),
    });
  }
  const issuer = issuerOf(env, request);
  const { serviceId, bearer } = configOf(env, issuer).service;
  const engine = engineOf(env, issuer);
  return new AuthleteClient({
    serviceId: String(serviceId),
    bearer,
    // This host is never called: every request goes to the Durable Object.
    serverURL: "https://engine.invalid",
    fetch: (input, init) => engine.fetch(input, init),
  });
}
