// The token endpoint on Bun. Run it with: bun bun.ts
import { AuthleteClient, handleTokenRequest, type TokenEndpointOptions } from "authlete-token";

for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"])
  if (!Bun.env[name]) throw new Error(`The variable ${name} is not set.`);

const authlete = new AuthleteClient({
  serviceId: Bun.env.AUTHLETE_SERVICE_ID ?? "",
  bearer: Bun.env.AUTHLETE_BEARER ?? "",
  serverURL: Bun.env.AUTHLETE_SERVER_URL ?? "https://us.authlete.com",
});

const options: TokenEndpointOptions = {
  authlete,
  // For a proxy or a development server in front that speaks http: with this server. Set it only if
  // nothing else can reach this server.
  allowInsecureRequests: Bun.env.ALLOW_INSECURE_REQUESTS === "1",
  onEvent: (event) => console.log(JSON.stringify(event)),
};

Bun.serve({
  port: Number(Bun.env.PORT ?? 3000),
  routes: { "/token": (request) => handleTokenRequest(request, options) },
  fetch: () => new Response(null, { status: 404 }),
});
