// The start page: what there is to try, with commands to copy.
import { type Client, clientsOf, configOf, type Env, isDemo, issuerOf, type User, usersOf, usesAuthlete } from "./config";
import { loginClients } from "./demo-login";
import { html, page } from "./pages";

/** Answers `/`. */
export function playground(request: Request, env: Env): Response {
  if (usesAuthlete(env)) {
    const { origin } = new URL(request.url);
    return page(
      "Token endpoint on Authlete",
      html`
<p>The token endpoint is <code>${origin}/token</code>. An Authlete server answers its requests.</p>
<pre>${`curl -u CLIENT_ID:CLIENT_SECRET ${origin}/token -d grant_type=client_credentials`}</pre>`,
    );
  }
  const issuer = issuerOf(env, request);
  // Not the address that the page was opened at: redirect URIs and cookies belong to this one.
  const { origin } = new URL(issuer);
  const base = origin === new URL(request.url).origin ? "" : origin;
  const clients = clientsOf(configOf(env, issuer));
  const withGrant = (grant: "client_credentials" | "password") => clients.find(({ grant_types }) => grant_types?.includes(grant));
  const service = withGrant("client_credentials");
  const legacy = isDemo(env) ? withGrant("password") : undefined;
  const user = usersOf(env)[0];
  const logins = isDemo(env) ? loginClients(clients, origin) : [];
  const scripted = logins.find(({ token_endpoint_auth_method: method }) => method !== "none");
  return page(
    "Token endpoint playground",
    html`
<p>The token endpoint is <code>${origin}/token</code>. The embedded engine of <code>authlete-token</code> answers it in this worker;
no Authlete account is involved. Click a command to select it.</p>
${
  logins.length === 0
    ? undefined
    : html`
<h2>Log in</h2>
<p>The authorization code grant with PKCE: a login page, a code, tokens.</p>
${logins.map(
  ({
    client_id,
    client_name,
  }) => html`<a class="button" href="${base}/callback?${new URLSearchParams({ client_id }).toString()}">Log in to ${client_name ?? client_id}</a>
`,
)}`
}
${
  service === undefined
    ? undefined
    : html`
<h2>Client credentials grant</h2>
<pre>${`curl ${credentials(service)}${origin}/token -d grant_type=client_credentials${posted(service)}`}</pre>`
}
${
  legacy === undefined || user === undefined
    ? undefined
    : html`
<h2>Password grant</h2>
<pre>${`curl ${credentials(legacy)}${origin}/token -d grant_type=password -d username=${user.username} -d password=${user.password}${posted(legacy)}`}</pre>`
}
${
  scripted === undefined || user === undefined
    ? undefined
    : html`
<h2>Authorization code grant in a script</h2>
<p>On this machine only, <code>prompt=none</code> with a <code>login_hint</code> answers at once. The code is in the <code>Location</code> header.</p>
<pre>${`curl -si '${origin}/authorize?${codeRequest(scripted, origin, user.username)}' | grep -i ^location`}</pre>
<pre>${`curl ${credentials(scripted)}${origin}/token -d grant_type=authorization_code -d redirect_uri=${origin}/callback${posted(scripted)} -d code=CODE`}</pre>`
}
<h2>Look up</h2>
<ul>
<li><a href="/.well-known/openid-configuration">OpenID Connect discovery document</a></li>
<li><a href="/.well-known/oauth-authorization-server">OAuth authorization server metadata</a></li>
<li><a href="/jwks">Signing keys</a></li>
</ul>
${isDemo(env) && env.CONFIG === undefined ? clientTable(clients, usersOf(env)) : undefined}`,
  );
}

function codeRequest(client: Client, origin: string, username: string): string {
  return new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: `${origin}/callback`,
    scope: "openid",
    prompt: "none",
    login_hint: username,
  }).toString();
}

/** Secrets of a configuration of one's own stay out of the page. */
function credentials(client: Client): string {
  return client.token_endpoint_auth_method === "client_secret_post" || client.client_secret === undefined
    ? ""
    : `-u ${client.client_id}:${shownSecret(client)} `;
}

function posted(client: Client): string {
  if (client.token_endpoint_auth_method === "client_secret_post") return ` -d client_id=${client.client_id} -d client_secret=${shownSecret(client)}`;
  return client.token_endpoint_auth_method === "none" ? ` -d client_id=${client.client_id}` : "";
}

function shownSecret(client: Client): string {
  return client.client_secret?.endsWith("-demo-secret") ? client.client_secret : "SECRET";
}

function clientTable(clients: readonly Client[], users: readonly User[]) {
  return html`
<h2>Clients and users</h2>
<table>
<thead><tr><th scope="col">Client</th><th scope="col">Authentication</th><th scope="col">Grants</th></tr></thead>
<tbody>
${clients.map(
  (client) => html`<tr><td><code>${client.client_id}</code></td><td>${client.token_endpoint_auth_method}</td><td>${client.grant_types?.join(", ")}</td></tr>
`,
)}</tbody>
</table>
<p>Users: ${users.map(({ username }, index) => html`${index === 0 ? "" : ", "}<code>${username}</code>`)}.</p>
<p class="hint">A client's secret is <code>CLIENT-demo-secret</code>; a user's password is <code>NAME-demo-password</code>.</p>`;
}
