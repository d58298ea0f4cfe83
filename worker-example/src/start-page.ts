// The start page where there is no playground: what the server is, and how to try it.
import { type Client, clientsOf, configOf, isDemo, usesAuthlete } from "./config";
import { loginClients } from "./demo-login";
import { isLocal } from "./http";
import { baseOf, pathOf } from "./issuer";
import { formEncoded, shellCommand } from "./notations";
import { type Html, html, page } from "./pages";
import type { Site } from "./site";

/** Answers `/` without the playground. */
export function startPage(request: Request, site: Site): Response {
  const { env, issuer } = site;
  // Not the address at which the page was opened: clients know the issuer's.
  const endpoint = `${baseOf(issuer)}/token`;
  if (usesAuthlete(env)) {
    return page(
      "Token endpoint on Authlete",
      html`
<p>The token endpoint is <code>${endpoint}</code>. An Authlete server answers its requests.</p>
<pre>${shellCommand("curl", "-u", "CLIENT_ID:CLIENT_SECRET", endpoint, "-d", "grant_type=client_credentials")}</pre>
<p class="hint">Form-encode the ID and the secret (RFC 6749 §2.3.1).</p>`,
    );
  }
  const service = clientsOf(configOf(env, issuer)).find(({ grant_types }) =>
    grant_types?.includes("client_credentials"),
  );
  return page(
    "Token endpoint",
    html`
<p>The token endpoint is <code>${endpoint}</code>. The embedded engine of <code>authlete-token</code> answers it in this worker;
no Authlete account is involved.</p>
${isDemo(env) ? wayToPlayground(request, issuer) : undefined}
${isDemo(env) ? logins(request, site) : undefined}
${service === undefined ? undefined : tokenCommand(endpoint, service)}
<h2>Look up</h2>
<ul>
<li><a href="${pathOf(issuer)}/.well-known/openid-configuration">OpenID Connect discovery document</a></li>
<li><a href="/.well-known/oauth-authorization-server${pathOf(issuer)}">OAuth authorization server metadata</a></li>
<li><a href="${pathOf(issuer)}/jwks">Signing keys</a></li>
</ul>`,
  );
}

/** Where the playground is, if this page was opened at another address than the issuer's. */
function wayToPlayground(request: Request, issuer: string): Html {
  const address = `${baseOf(issuer)}/`;
  return isLocal(new Request(address)) && new URL(request.url).origin !== new URL(issuer).origin
    ? html`<p><a class="button" href="${address}">Open the playground</a></p>`
    : html`<p class="hint">The playground is off: <code>npm start</code> has it, for a browser that opens it at <code>localhost</code>.</p>`;
}

/** Links that start a login of the demo client. */
function logins(request: Request, { env, issuer }: Site): Html | undefined {
  const clients = loginClients(clientsOf(configOf(env, issuer)), issuer);
  if (clients.length === 0) return undefined;
  // Redirect URIs and cookies belong to the issuer.
  const here = new URL(issuer).origin === new URL(request.url).origin;
  const links = here ? pathOf(issuer) : baseOf(issuer);
  return html`
<h2>Log in</h2>
<p>The authorization code grant with PKCE: you log in, and the demo client exchanges the code for tokens.</p>
${clients.map(
  ({
    client: { client_id, client_name },
  }) => html`<a class="button quiet" href="${links}/callback?client_id=${formEncoded(client_id)}">Log in to ${client_name ?? client_id}</a>
`,
)}`;
}

/** The command that gets a token with the client's own credentials. */
function tokenCommand(endpoint: string, client: Client): Html {
  const { client_id, token_endpoint_auth_method: method = "client_secret_basic" } = client;
  const grant = ["-d", "grant_type=client_credentials"];
  const field = (name: string, value: string) => ["-d", `${name}=${formEncoded(value)}`];
  const words =
    method === "client_secret_basic"
      ? ["-u", `${formEncoded(client_id)}:${formEncoded(shownSecret(client))}`, endpoint, ...grant]
      : [
          endpoint,
          ...grant,
          ...field("client_id", client_id),
          ...(method === "client_secret_post" ? field("client_secret", shownSecret(client)) : []),
        ];
  return html`
<h2>Client credentials grant</h2>
<pre>${shellCommand("curl", ...words)}</pre>
${
  shownSecret(client) === client.client_secret
    ? undefined
    : html`<p class="hint"><code>SECRET</code> stands for the secret of the client; form-encode it (RFC 6749 appendix B).</p>`
}`;
}

/** The page does not show secrets of the user's own configuration. */
function shownSecret({ client_secret }: Client): string {
  return client_secret?.endsWith("-demo-secret") ? client_secret : "SECRET";
}
