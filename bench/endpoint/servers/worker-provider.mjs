// The authorization server of `@cloudflare/workers-oauth-provider`, with its state in KV.
import { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";
import { pkce, redirectUri, scope } from "../client.mjs";

const resource = "https://api.example.com/";
let server;

export default {
  async fetch(request, env, ctx) {
    const { origin, pathname, searchParams } = new URL(request.url);
    server ??= new OAuthAuthorizationServer({
      issuer: origin,
      resources: [resource],
      defaultResource: resource,
      tokenEndpoint: "/token",
      scopesSupported: [scope],
    });
    switch (pathname) {
      case "/client":
        return Response.json(await register(env));
      case "/codes":
        return Response.json(await codes(origin, searchParams, env));
      default:
        return server.fetch(request, env, ctx);
    }
  },
};

/** A new client: this library gives it its ID and its secret. */
async function register(env) {
  const { clientId, clientSecret } = await server.getOAuthApi(env).createClient({
    redirectUris: [redirectUri],
    grantTypes: ["authorization_code", "refresh_token"],
    tokenEndpointAuthMethod: "client_secret_basic",
  });
  return { id: clientId, secret: clientSecret };
}

/** That many authorization codes for the client. */
async function codes(origin, search, env) {
  const api = server.getOAuthApi(env);
  const query = new URLSearchParams({
    response_type: "code",
    client_id: search.get("client"),
    redirect_uri: redirectUri,
    scope,
    state: "state",
    code_challenge: pkce.challenge,
    code_challenge_method: "S256",
  });
  const request = await api.parseAuthRequest(new Request(`${origin}/authorize?${query}`));
  const found = [];
  for (let n = 0; n < Number(search.get("count")); n += 1) {
    const { redirectTo } = await api.completeAuthorization({
      request,
      userId: "user-1",
      metadata: {},
      scope: [scope],
      props: {},
      // Otherwise each code would revoke the tokens of the other connections.
      revokeExistingGrants: false,
    });
    found.push(new URL(redirectTo).searchParams.get("code"));
  }
  return found;
}
