// The token endpoint on Deno. Run it with:
// deno run --allow-net --allow-env --unstable-no-legacy-abort deno.ts
// With that last flag, a request's `signal` fires only when the client disconnects; without it,
// Deno warns that it also fires after every answer.
import { AuthleteClient, handleTokenRequest, type TokenEndpointOptions } from "authlete-token";

for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"])
  if (!Deno.env.get(name)) throw new Error(`The variable ${name} is not set.`);

const authlete = new AuthleteClient({
  serviceId: Deno.env.get("AUTHLETE_SERVICE_ID") ?? "",
  bearer: Deno.env.get("AUTHLETE_BEARER") ?? "",
  serverURL: Deno.env.get("AUTHLETE_SERVER_URL") ?? "https://us.authlete.com",
});

const options: TokenEndpointOptions = {
  authlete,
  // For a proxy or a development server in front that speaks http: with this server. Set it only if
  // nothing else can reach this server.
  allowInsecureRequests: Deno.env.get("ALLOW_INSECURE_REQUESTS") === "1",
  onEvent: (event) => console.log(JSON.stringify(event)),
};

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, (request) =>
  new URL(request.url).pathname === "/token"
    ? handleTokenRequest(request, options)
    : new Response(null, { status: 404 }),
);
