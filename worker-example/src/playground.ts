// The start page: what there is to try, with commands to copy.
import {
  baseOf,
  type Client,
  clientsOf,
  configOf,
  type Env,
  isDemo,
  issuerOf,
  pathOf,
  type User,
  usersOf,
  usesAuthlete,
} from "./config";
import { keyFiles, keyPath } from "./demo-keys";
import { type LoginClient, loginClients } from "./demo-login";
import { formEncoded, shellCommand } from "./notations";
import { breakable, type Html, html, page } from "./pages";

/** Answers `/`. */
export function playground(request: Request, env: Env): Response {
  const issuer = issuerOf(env, request);
  // Not the address at which the page was opened: redirect URIs and cookies belong to the issuer.
  const base = baseOf(issuer);
  const endpoint = `${base}/token`;
  if (usesAuthlete(env)) {
    return page(
      "Token endpoint on Authlete",
      html`
<p>The token endpoint is <code>${endpoint}</code>. An Authlete server answers its requests.</p>
<pre>${shellCommand("curl", "-u", "CLIENT_ID:CLIENT_SECRET", endpoint, "-d", "grant_type=client_credentials")}</pre>
<p class="hint">Form-encode the ID and the secret (RFC 6749 §2.3.1).</p>`,
    );
  }
  const links = new URL(issuer).origin === new URL(request.url).origin ? pathOf(issuer) : base;
  const clients = clientsOf(configOf(env, issuer));
  const withGrant = (grant: "client_credentials" | "password") =>
    clients.find(({ grant_types }) => grant_types?.includes(grant));
  const service = withGrant("client_credentials");
  const legacy = isDemo(env) ? withGrant("password") : undefined;
  const user = usersOf(env)[0];
  const logins = isDemo(env) ? loginClients(clients, issuer) : [];
  const hidden = clients.some(
    (client) => client.client_secret !== undefined && shownSecret(client) !== client.client_secret,
  );
  const scripted = logins.find(({ client }) => client.token_endpoint_auth_method !== "none");
  return page(
    "Token endpoint playground",
    html`
<p>The token endpoint is <code>${endpoint}</code>. The embedded engine of <code>authlete-token</code> answers it in this worker;
no Authlete account is involved. Click a command to select it.</p>
${
  logins.length === 0
    ? undefined
    : html`
<h2>Log in</h2>
<p>The authorization code grant with PKCE: you log in, and the demo client exchanges the code for tokens.</p>
${logins.map(
  ({
    client: { client_id, client_name },
  }) => html`<a class="button" href="${links}/callback?client_id=${formEncoded(client_id)}">Log in to ${client_name ?? client_id}</a>
`,
)}`
}
${
  service === undefined
    ? undefined
    : html`
<h2>Client credentials grant</h2>
<pre>${tokenCommand(endpoint, service, { grant_type: "client_credentials" })}</pre>`
}
${
  legacy === undefined || user === undefined
    ? undefined
    : html`
<h2>Password grant</h2>
<pre>${tokenCommand(endpoint, legacy, { grant_type: "password", username: user.username, password: shownPassword(user) })}</pre>
<p class="hint">The answer to a wrong password is <code>invalid_request</code>, as Authlete documents it for <code>/auth/token/fail</code>;
RFC 6749 §5.2 has <code>invalid_grant</code> for it.</p>`
}
${
  scripted === undefined || user === undefined
    ? undefined
    : html`
<h2>Authorization code grant in a script</h2>
<p>On this machine only, <code>prompt=none</code> with a <code>login_hint</code> gives a code without a login page. The code is in the <code>Location</code> header; put it in place of <code>CODE</code>.</p>
<pre>${`${shellCommand("curl", "-si", `${base}/authorize?${codeRequest(scripted, user.username)}`)} | grep -i ^location`}</pre>
<pre>${tokenCommand(endpoint, scripted.client, { grant_type: "authorization_code", redirect_uri: scripted.redirectUri, code: "CODE" })}</pre>`
}
${
  hidden
    ? html`<p class="hint"><code>SECRET</code> stands for the secret of the client, and <code>PASSWORD</code> for the password of the user; form-encode both (RFC 6749 appendix B).</p>`
    : undefined
}
<h2>Look up</h2>
<ul>
<li><a href="${pathOf(issuer)}/.well-known/openid-configuration">OpenID Connect discovery document</a></li>
<li><a href="/.well-known/oauth-authorization-server${pathOf(issuer)}">OAuth authorization server metadata</a></li>
<li><a href="${pathOf(issuer)}/jwks">Signing keys</a></li>
</ul>
${isDemo(env) && !env.CONFIG ? [otherMethods(base, links), clientTable(clients, usersOf(env))] : undefined}`,
  );
}

function codeRequest({ client, redirectUri }: LoginClient, username: string): string {
  return new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope: "openid",
    prompt: "none",
    login_hint: username,
  }).toString();
}

/** The command that sends a token request as `client`, with its own authentication. */
function tokenCommand(
  endpoint: string,
  client: Client,
  parameters: Readonly<Record<string, string>>,
): string {
  const { client_id, token_endpoint_auth_method: method = "client_secret_basic" } = client;
  const basic =
    method === "client_secret_basic"
      ? ["-u", `${formEncoded(client_id)}:${formEncoded(shownSecret(client))}`]
      : [];
  const own = {
    ...(basic.length === 0 && { client_id }),
    ...(method === "client_secret_post" && { client_secret: shownSecret(client) }),
  };
  const fields = Object.entries({ ...parameters, ...own }).flatMap(([name, value]) => [
    "-d",
    `${name}=${formEncoded(value)}`,
  ]);
  return shellCommand("curl", ...basic, endpoint, ...fields);
}

/** Commands for the ways to authenticate, and to bind tokens, for which a client needs a key. */
function otherMethods(base: string, links: string): Html {
  // The clients know the usual address.
  const node = (file: string) =>
    `${base === "http://localhost:8787" ? "" : `ISSUER=${shellCommand(base)} `}node ${file}.mjs`;
  const withCertificate = (client: string) =>
    `curl -H "Client-Cert: $(${shellCommand("curl", "-s", base + keyPath(`${client}.client-cert`))})" ${shellCommand(`${base}/token`, "-d", "grant_type=client_credentials", "-d", `client_id=${client}`)}`;
  return html`
<h2>Keys instead of secrets</h2>
<p>In the folder <code>worker-example/clients</code>, after <code>npm install --no-package-lock</code>: tokens that nobody else can use (DPoP),
and clients that sign with their secret, with their key, and with an attestation.</p>
<pre>${node("dpop")}</pre>
<pre>${node("client-secret-jwt")}</pre>
<pre>${node("private-key-jwt")}</pre>
<pre>${node("attestation")}</pre>
<p>Mutual TLS: here, a header has the certificate, as behind a server that ends the TLS connection. The second client's tokens are bound to its certificate.</p>
<pre>${withCertificate("tls-service")}</pre>
<pre>${withCertificate("self-signed-tls-app")}</pre>
<p class="hint">The keys of these clients, which everyone has:
${keyFiles.map((name, index) => html`${index === 0 ? "" : ", "}<a href="${links}${keyPath(name)}">${name}</a>`)}.</p>`;
}

/** The page does not show secrets and passwords of the user's own configuration. */
function shownSecret(client: Client): string {
  return client.client_secret?.endsWith("-demo-secret") ? client.client_secret : "SECRET";
}

function shownPassword(user: User): string {
  return user.password.endsWith("-demo-password") ? user.password : "PASSWORD";
}

function clientTable(clients: readonly Client[], users: readonly User[]) {
  return html`
<h2>Clients and users</h2>
<table>
<thead><tr><th scope="col">Client</th><th scope="col">Authentication</th><th scope="col">Grants</th></tr></thead>
<tbody>
${clients.map(
  ({ client_id, token_endpoint_auth_method: method = "", grant_types = [] }) =>
    html`<tr><td><code>${client_id}</code></td><td>${breakable(method)}</td><td>${grant_types.length === 0 ? "none" : breakable(grant_types.join(", "))}</td></tr>
`,
)}</tbody>
</table>
<p>Users: ${users.map(({ username }, index) => html`${index === 0 ? "" : ", "}<code>${username}</code>`)}.</p>
<p class="hint">A client's secret is <code>CLIENT-demo-secret</code>; a user's password is <code>NAME-demo-password</code>.</p>`;
}
