// An authorization server for the client libraries of others, in this process: the token endpoint
// over the engine, and an authorization endpoint that answers at once, for one user.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { AuthleteClient, handlePlainTokenRequest } from "authlete-token";
import { createEngine } from "authlete-token/engine";

/** Who has logged in and allows everything. */
export const subject = "user-1";

/** Listens on loopback while the test runs. Returns the port. */
export async function listening(t, server) {
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

/**
 * Starts a server. `service` and `clients` are of its configuration, and `now` is its clock. `tls`
 * makes it an HTTPS server; `passedOn` gets each incoming message and returns more headers of it,
 * as a proxy in front adds them, and more options of the endpoint.
 *
 * `received` has every token request: its headers, its parameters, and the status of its answer.
 */
export async function authorizationServer(
  t,
  { service, clients, now, tls, passedOn = () => ({}) },
) {
  const received = [];
  const listener = (...exchange) =>
    respond(...exchange).catch((error) => {
      console.error(error);
      exchange[1].writeHead(500).end();
    });
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  const origin = `${tls ? "https" : "http"}://localhost:${await listening(t, server)}`;
  const credentials = { serviceId: "1", bearer: "b" };
  const configuration = { service: { ...credentials, issuer: origin, ...service }, clients };
  const engine = await createEngine(configuration, { now });
  const authlete = new AuthleteClient({ ...credentials, engine });
  const metadata = await engine.metadata();

  async function respond(incoming, outgoing) {
    const url = new URL(incoming.url, origin);
    const json = (value) =>
      outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    switch (url.pathname) {
      case "/token":
        return token(incoming, outgoing);
      case "/authorize":
        return outgoing.writeHead(302, { location: await authorized(url.searchParams) }).end();
      case "/jwks":
        return json(await engine.jwks());
      case "/.well-known/openid-configuration":
      case "/.well-known/oauth-authorization-server":
        return json(metadata);
      default:
        return outgoing.writeHead(404).end();
    }
  }

  async function token(incoming, outgoing) {
    const { headers: more, options } = passedOn(incoming);
    const body = Buffer.concat(await incoming.toArray());
    const request = {
      method: incoming.method,
      url: origin + incoming.url,
      headers: { ...incoming.headersDistinct, ...more },
      bytes: async () => body,
    };
    const answer = await handlePlainTokenRequest(request, { authlete, ...options });
    const { status, headers } = answer;
    received.push({
      headers: incoming.headers,
      parameters: Object.fromEntries(new URLSearchParams(body.toString())),
      status,
      error: status === 200 ? undefined : JSON.parse(answer.body).error,
      nonce: headers["dpop-nonce"],
    });
    outgoing.writeHead(status, headers).end(answer.body);
  }

  /** Where the user's browser is sent (RFC 6749 §4.1.2, RFC 9207). */
  async function authorized(parameters) {
    const {
      accepted,
      redirect_uri,
      state,
      code: granted,
      error,
      message,
    } = await engine.checkAuthorization(parameters);
    if (!accepted && redirect_uri === undefined) throw new Error(message);
    const answer = accepted
      ? await engine.issueAuthorizationCode({ ...granted, subject })
      : { error, error_description: message };
    const location = new URL(redirect_uri);
    for (const [name, value] of Object.entries({ ...answer, state, iss: origin }))
      if (value !== undefined) location.searchParams.set(name, value);
    return location.href;
  }

  return { origin, engine, metadata, received };
}

/** Where an authorization endpoint sends the user's browser. */
export async function follow(url, fetched = fetch) {
  const response = await fetched(url, { redirect: "manual" });
  return new URL(response.headers.get("location"));
}
