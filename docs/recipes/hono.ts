// The token endpoint as a route of Hono, on every runtime that Hono supports. On Node.js,
// @hono/node-server serves `app`.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { Hono } from "hono";
import { env } from "hono/adapter";

type Env = Record<"AUTHLETE_SERVICE_ID" | "AUTHLETE_BEARER" | "AUTHLETE_SERVER_URL", string> & {
  ALLOW_INSECURE_REQUESTS?: string;
};

const app = new Hono();

// All methods: the endpoint answers a preflight (OPTIONS) and refuses GET by itself. Keep
// middleware that reads the body, limits it or sets CORS headers away from this route: the endpoint
// does all of that itself, and needs the original request.
app.all("/token", (context) => {
  const variables = env<Env>(context);
  for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"] as const)
    if (!variables[name]) throw new Error(`The variable ${name} is not set.`);
  const {
    AUTHLETE_SERVICE_ID: serviceId,
    AUTHLETE_BEARER: bearer,
    AUTHLETE_SERVER_URL: serverURL,
    ALLOW_INSECURE_REQUESTS,
  } = variables;
  return handleTokenRequest(context.req.raw, {
    authlete: new AuthleteClient({ serviceId, bearer, serverURL }),
    // For a proxy or a development server in front that speaks http: with this server. Set it only
    // if nothing else can reach this server.
    allowInsecureRequests: ALLOW_INSECURE_REQUESTS === "1",
    onEvent: (event) => console.log(JSON.stringify(event)),
  });
});

export default app;
