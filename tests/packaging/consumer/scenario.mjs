// What every consumer does, in any host: an operation, the token endpoint, an error, and the engine
// if there is one. The report is JSON.

const tokenRequest = () =>
  new Request("https://as.example/token", {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${btoa("web-app:web-app-secret")}`,
    },
    body: "grant_type=client_credentials",
  });

/**
 * `pkg` is the package, `engine` its engine or nothing, `serverURL` a server that plays Authlete.
 */
export async function scenario(pkg, engine, serverURL) {
  const authlete = new pkg.AuthleteClient({ serviceId: "715948317", bearer: "bearer", serverURL });
  const { action, responseContent } = await pkg.authToken(authlete, {
    parameters: "grant_type=client_credentials",
    clientId: "web-app",
  });
  const error = await pkg.authToken(authlete, { parameters: 1 }).catch((caught) => caught);
  return {
    operation: { action, responseContent },
    error: { code: error.code, isAuthleteError: error instanceof pkg.AuthleteError },
    endpoint: await answer(pkg, authlete),
    ...(engine !== undefined && { engine: await local(pkg, engine) }),
  };
}

async function answer(pkg, authlete) {
  const response = await pkg.handleTokenRequest(tokenRequest(), { authlete });
  return { status: response.status, body: await response.json() };
}

/** The same endpoint on the embedded engine: no network. */
async function local(pkg, { createEngine }) {
  const client = {
    client_id: "web-app",
    client_secret: "web-app-secret",
    grant_types: ["client_credentials"],
  };
  const engine = await createEngine({
    service: {
      serviceId: "1",
      bearer: "local",
      issuer: "http://localhost:8787",
      supportedGrantTypes: ["CLIENT_CREDENTIALS"],
    },
    clients: [client],
  });
  const fetch = (url, init) => engine.fetch(new Request(url, init));
  const authlete = new pkg.AuthleteClient({
    serviceId: "1",
    bearer: "local",
    serverURL: "http://localhost",
    fetch,
  });
  const { status, body } = await answer(pkg, authlete);
  const { active } = await engine.introspect(body.access_token ?? "");
  return { status, tokenType: body.token_type, active };
}
