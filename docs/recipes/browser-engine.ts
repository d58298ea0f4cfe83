// Development without a server: the embedded engine in the page (or the test) itself, behind the
// token endpoint that production has.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { createEngine, failedEngine } from "authlete-token/engine";

// Nothing here is secret, and the state ends with the page.
const engine = createEngine({
  service: {
    serviceId: "1",
    bearer: "development",
    issuer: "http://localhost",
    supportedScopes: ["read"],
  },
  clients: [
    {
      client_id: "app",
      client_secret: "app-development-secret",
      grant_types: ["client_credentials"],
      scope: "read",
    },
  ],
}).catch(failedEngine); // Answers every request with the reason why there is no engine.

const authlete = new AuthleteClient({
  serviceId: "1",
  bearer: "development",
  serverURL: "http://localhost", // Never called: the engine answers instead.
  fetch: async (url, init) => (await engine).fetch(new Request(url, init)),
});

/** Stands in for `fetch` wherever the page, or the code under test, calls its token endpoint. */
export const token = (request: Request): Promise<Response> =>
  handleTokenRequest(request, {
    authlete,
    onEvent: (event, { resultMessage }) => console.log(JSON.stringify({ ...event, resultMessage })),
  });
