// The token endpoint of an authorization server, as a Cloudflare Worker.
import { AuthleteClient, handleTokenRequest } from "authlete-token";

type Env = Record<"AUTHLETE_SERVICE_ID" | "AUTHLETE_BEARER" | "AUTHLETE_SERVER_URL", string> & {
  ALLOW_INSECURE_REQUESTS?: string;
};

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"] as const)
      if (!env[name]) throw new Error(`The variable ${name} is not set.`);
    const {
      AUTHLETE_SERVICE_ID: serviceId,
      AUTHLETE_BEARER: bearer,
      AUTHLETE_SERVER_URL: serverURL,
    } = env;
    return handleTokenRequest(request, {
      authlete: new AuthleteClient({ serviceId, bearer, serverURL }),
      allowInsecureRequests: env.ALLOW_INSECURE_REQUESTS === "1", // In .dev.vars, for `wrangler dev` with a custom domain.
      onEvent: (event) => console.log(JSON.stringify(event)),
    });
  },
};
