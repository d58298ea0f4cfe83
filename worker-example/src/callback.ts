// The demo client at `/callback`: starts a login, exchanges the code, shows the tokens, and
// refreshes them.
import { type Client, clientsOf, configOf } from "./config";
import { formToken, formTokenField, isOwnForm } from "./csrf";
import {
  forgetLogin,
  idTokenClaims,
  loginClients,
  rememberedLogin,
  startLogin,
  tokenRequest,
} from "./demo-login";
import { readForm, seeOther } from "./http";
import { baseOf, pathOf } from "./issuer";
import { refusalPage } from "./login-page";
import { type Html, html, page } from "./pages";
import { htmlFile, isPlayground } from "./playground";
import { statePrefix } from "./playground-request";
import type { Site } from "./site";
import { token } from "./token";
import { userinfo } from "./userinfo";

/**
 * Answers `/callback`: with `client_id` a login starts, with `code` or `error` one ends; a POST
 * refreshes. Logins that the playground has started end in a page of its own, which tells it.
 */
export async function callback(request: Request, site: Site): Promise<Response> {
  const { env, issuer } = site;
  const { searchParams } = new URL(request.url);
  if (
    request.method === "GET" &&
    searchParams.get("state")?.startsWith(statePrefix) &&
    isPlayground(request, site)
  )
    return htmlFile("callback.html", site);
  const config = configOf(env, issuer);
  const clientNamed = (id: string | null | undefined) =>
    loginClients(clientsOf(config), issuer, request).find(({ client }) => client.client_id === id);

  if (request.method === "POST") {
    const form = await readForm(request);
    const named = clientNamed(form?.get("client_id"));
    if (form === null || named === undefined)
      return refusalPage(
        "The body is not a form, or its client_id is not a client that can log in here.",
      );
    if (!(await isOwnForm(request, form, issuer)))
      return refusalPage(
        "This form can't be accepted: it was not opened in this browser, it was open for too long, or the browser does not send cookies. Start again at the playground.",
        403,
      );
    const refresh = tokenRequest(issuer, named.client, {
      grant_type: "refresh_token",
      refresh_token: form.get("refresh_token") ?? "",
    });
    return tokensPage(request, site, named.client, await token(refresh, site), undefined);
  }

  if (searchParams.has("client_id")) {
    const named = clientNamed(searchParams.get("client_id"));
    if (named === undefined)
      return refusalPage("The client_id of the request is not a client that can log in here.");
    const scope = named.client.scope ?? (await allScopes(site));
    const started = await startLogin(request, issuer, named, scope);
    return seeOther(started.location, { "set-cookie": started.cookie });
  }

  const login = rememberedLogin(request);
  const named = clientNamed(login?.clientId);
  if (login === undefined || named === undefined || searchParams.get("state") !== login.state) {
    return refusalPage(
      "This login can't be completed: it was not started in this browser, it took too long, or the browser does not send cookies. Start again at the playground.",
    );
  }
  // The issuer that answers must be the one that was asked (RFC 9207 §2.4).
  if (searchParams.get("iss") !== issuer)
    return refusalPage("The parameter iss of the answer is not this authorization server.");
  const code = searchParams.get("code");
  if (code === null) {
    return page(
      "The login did not succeed",
      html`
<p class="error" role="alert">${searchParams.get("error") ?? "The answer has no code"}: ${searchParams.get("error_description") ?? ""}</p>
<p><a href="${pathOf(issuer)}/">Back to the playground</a></p>`,
      { status: 400, cookies: [forgetLogin(request, issuer)], card: true },
    );
  }
  const exchange = tokenRequest(issuer, named.client, {
    grant_type: "authorization_code",
    code,
    redirect_uri: named.redirectUri,
    code_verifier: login.verifier,
  });
  return tokensPage(request, site, named.client, await token(exchange, site), login.nonce);
}

/** Every scope of the service: so much may a client have whose registration names none. */
async function allScopes({ backend }: Site): Promise<string> {
  const { scopes_supported } = await backend.metadata();
  return (scopes_supported as string[]).join(" ");
}

/** The members of a successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
  readonly scope?: string;
  readonly id_token?: string;
}

async function tokensPage(
  request: Request,
  site: Site,
  client: Client,
  answer: Response,
  nonce: string | undefined,
): Promise<Response> {
  const { issuer } = site;
  const cookies = [forgetLogin(request, issuer)];
  if (!answer.ok) {
    return page(
      "The token endpoint refused the request",
      html`<p>Status ${answer.status}:</p><pre>${await answer.text()}</pre>
<p><a href="${pathOf(issuer)}/">Back to the playground</a></p>`,
      { status: 400, cookies, card: true },
    );
  }
  const tokens = (await answer.json()) as Tokens;
  const claims =
    tokens.id_token === undefined
      ? undefined
      : idTokenClaims(tokens.id_token, {
          issuer,
          clientId: client.client_id,
          ...(nonce !== undefined && { nonce }),
        });
  if (typeof claims === "string") return refusalPage(claims);
  const form = formToken(request, issuer);
  return page(
    `Tokens for ${client.client_name ?? client.client_id}`,
    html`
<table class="values">
<tbody>
${row("Access token", tokens.access_token)}${row("Type", tokens.token_type)}${row("Expires in", `${tokens.expires_in ?? "?"} seconds`)}${row("Scope", tokens.scope)}${row("Refresh token", tokens.refresh_token)}${row("ID token", tokens.id_token)}</tbody>
</table>
${
  tokens.refresh_token === undefined
    ? undefined
    : html`
<form method="post" action="${pathOf(issuer)}/callback">
<input type="hidden" name="${formTokenField}" value="${form.token}">
<input type="hidden" name="client_id" value="${client.client_id}">
<input type="hidden" name="refresh_token" value="${tokens.refresh_token}">
<button class="button">Refresh the tokens</button>
</form>`
}
${claims === undefined ? undefined : html`<h2>Claims of the ID token</h2><pre>${JSON.stringify(claims, null, 2)}</pre>`}
${await userInfoSection(site, tokens)}
<p><a href="${pathOf(issuer)}/">Back to the playground</a></p>`,
    { cookies: [...cookies, form.cookie] },
  );
}

function row(name: string, value: string | undefined): Html | undefined {
  return value === undefined
    ? undefined
    : html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>
`;
}

/** What the UserInfo endpoint answers to the access token. */
async function userInfoSection(site: Site, tokens: Tokens): Promise<Html | undefined> {
  if (!tokens.scope?.split(" ").includes("openid")) return undefined;
  const answer = await userinfo(
    new Request(`${baseOf(site.issuer)}/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    }),
    site,
  );
  const text = answer.ok ? JSON.stringify(await answer.json(), null, 2) : `Status ${answer.status}`;
  return html`<h2>Answer of the UserInfo endpoint</h2><pre>${text}</pre>`;
}
