// The embedded engine of our endpoints: the service of the worker example, with one client.
import { client, redirectUri, scope } from "./client.mjs";

/** The service as its own client, the endpoint, names it. */
export const service = { serviceId: "1", bearer: "bench-bearer" };

/** The configuration. */
export const config = {
  service: {
    ...service,
    issuer: "https://as.example.com",
    supportedGrantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"],
    supportedScopes: [scope],
    refreshTokenIdempotent: true,
  },
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      redirect_uris: [redirectUri],
      scope,
    },
  ],
};
