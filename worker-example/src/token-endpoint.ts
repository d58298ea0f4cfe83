// The options of the token endpoint: for `handleTokenRequest` over an Authlete server, and for
// `handlePlainTokenRequest` over the embedded engine.
import type { AuthleteClient, TokenEndpointOptions } from "authlete-token";
import { certificateSource } from "./client-certificate";
import { type Env, usersOf, usesAuthlete } from "./config";
import { log } from "./log";
import { authenticate, claimsNamed, userBySubject } from "./users";

/** The options, with the hooks that need this worker's users. */
export function tokenOptions(env: Env, authlete: AuthleteClient): TokenEndpointOptions {
  return {
    authlete,
    allowInsecureRequests: env.ALLOW_INSECURE_REQUESTS === "1",
    clientCertificate: certificateSource(env),
    // The engine's `resultMessage` quotes nothing from a request; an Authlete server's may.
    onEvent: (event, { resultMessage }) =>
      log(usesAuthlete(env) ? event : { ...event, resultMessage }),
    ...(usersOf(env).length > 0 && userHooks(env)),
  };
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
