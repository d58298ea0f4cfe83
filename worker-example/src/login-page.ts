// The pages of the authorization endpoint: login with consent, the way back to the client, and the
// refusal of a request that can't be answered at the client.
import type { AcceptedAuthorization, RequestingClient } from "authlete-token/engine";
import type { User } from "./config";
import { formTokenField } from "./csrf";
import { pathOf } from "./issuer";
import { html, page } from "./pages";

/**
 * The login form. It contains the whole request, since the worker stores nothing in between. The
 * passwords of users that are `builtIn` are public, and shown.
 */
export function loginPage(
  issuer: string,
  authorization: AcceptedAuthorization,
  parameters: URLSearchParams,
  formToken: { readonly token: string; readonly cookie: string },
  users: readonly User[],
  builtIn: boolean,
  trouble?: string,
): Response {
  const carried = [...parameters].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">
`,
  );
  const { client, login_hint: username = "", redirect_uri, resources, scopes } = authorization;
  const body = html`
<p><strong>${nameOf(client)}</strong> asks for access${scopeList(scopes)}${hostList(resources)}.</p>
<p class="hint">Afterwards you return to <code>${redirect_uri}</code>.</p>
${trouble === undefined ? undefined : html`<p class="error" role="alert">${trouble}</p>`}
<form method="post" action="${pathOf(issuer)}/authorize" autocomplete="off">
${carried}<input type="hidden" name="${formTokenField}" value="${formToken.token}">
<label for="username">User name</label>
<input id="username" name="username" value="${username}" autocapitalize="none" spellcheck="false" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password">
<div class="decision">
<button name="decision" value="allow" class="button">Log in and allow</button>
<button name="decision" value="deny" class="button quiet">Refuse</button>
</div>
</form>
<p class="hint">This is a demo. ${builtIn ? "Its users, with their passwords" : "Its users"}: ${users.map(({ username, password }, index) => html`${index === 0 ? "" : " · "}<code>${username}</code>${builtIn ? html`: <code>${password}</code>` : undefined}`)}</p>`;
  return page("Log in", body, {
    status: trouble === undefined ? 200 : 403,
    cookies: [formToken.cookie],
    card: true,
  });
}

/**
 * Goes to `location` without a click. After a form was submitted, `form-action` also applies to a
 * redirect, and to the redirects that the client makes next; this page must not restrict those.
 */
export function goOnPage(name: string, location: string): Response {
  const body = html`
<p>You are returning to <strong>${name}</strong>.</p>
<p><a class="button" href="${location}">Continue</a></p>
<p class="hint">If an application has opened, you can close this page.</p>`;
  return page(`Back to ${name}`, body, { goOn: location, card: true });
}

/** What the pages call a client. */
export function nameOf({ client_name, client_id }: RequestingClient): string {
  return client_name ?? client_id;
}

/**
 * For requests that must not be redirected: the client or its redirect URI is not registered
 * (RFC 6749 §4.1.2.1).
 */
export function refusalPage(message: string, status = 400): Response {
  return page(
    "This request cannot be answered",
    html`<p class="error" role="alert">${message}</p>`,
    { status, card: true },
  );
}

/** The servers that the tokens are for (RFC 8707). */
function hostList(resources: readonly string[]) {
  if (resources.length === 0) return undefined;
  const hostOf = (uri: string) => (URL.canParse(uri) && new URL(uri).host) || uri;
  const hosts = [...new Set(resources.map(hostOf))];
  return html` at ${hosts.map((host, index) => html`${index === 0 ? "" : ", "}<code>${host}</code>`)}`;
}

function scopeList(scopes: readonly string[]) {
  if (scopes.length === 0) return undefined;
  return html` to ${scopes.map((scope, index) => html`${index === 0 ? "" : ", "}<code>${scope}</code>`)}`;
}
