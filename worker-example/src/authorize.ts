// The authorization endpoint of the demo: login and consent on one page, then an authorization code
// (RFC 6749 §4.1). The engine says which requests are in order.
import type { AcceptedAuthorization } from "authlete-token/engine";
import { readRequest } from "./authorization-request";
import { isBuiltIn, isDemo, type User, usersOf } from "./config";
import { formToken, isOwnForm } from "./csrf";
import { isLocal, seeOther } from "./http";
import { goOnPage, loginPage, nameOf, refusalPage } from "./login-page";
import { withQuery } from "./notations";
import type { Site } from "./site";
import { authenticate, claimsForScopes } from "./users";

/** Where an answer goes, and what it has to repeat. */
interface Address {
  readonly redirect_uri: string;
  readonly state?: string | undefined;
}

/** How the browser gets back to the client: by a redirect or, after a form, by a page. */
type Back = (location: string) => Response;

const byRedirect: Back = (location) => seeOther(location);

/** Answers `/authorize`. */
export async function authorize(request: Request, site: Site): Promise<Response> {
  const sent = await readRequest(request);
  if (sent === null)
    return refusalPage(
      "The request body is not a form (application/x-www-form-urlencoded) in UTF-8, or is too long.",
    );
  const { text, parameters, decided } = sent;
  const { env, issuer, backend } = site;
  const checked = await backend.checkAuthorization(text);
  if (!checked.accepted) {
    const { error, message, redirect_uri, state } = checked;
    if (redirect_uri === undefined) return refusalPage(message);
    const back = decided ? (location: string) => goOnPage("the application", location) : byRedirect;
    return sendError(back, { redirect_uri, state }, issuer, error, message);
  }
  if (decided) return decide(request, site, checked, parameters, decided);
  if (checked.prompt.includes("none")) return silent(request, site, checked);
  return loginPage(
    issuer,
    checked,
    parameters,
    formToken(request, issuer),
    usersOf(env),
    isBuiltIn(env),
  );
}

/** Carries out the user's decision on the login page. */
async function decide(
  request: Request,
  site: Site,
  authorization: AcceptedAuthorization,
  parameters: URLSearchParams,
  form: URLSearchParams,
): Promise<Response> {
  const { env, issuer } = site;
  if (!(await isOwnForm(request, form, issuer))) {
    return refusalPage(
      "This form can't be accepted: it was not opened in this browser, it was open for too long, or the browser does not send cookies. Start again at the application.",
      403,
    );
  }
  const byPage: Back = (location) => goOnPage(nameOf(authorization.client), location);
  if (form.get("decision") !== "allow") {
    return sendError(byPage, authorization, issuer, "access_denied", "The user refused access.");
  }
  const username = form.get("username") ?? "";
  const user = await authenticate(env, username, form.get("password") ?? "");
  if (user === null)
    return loginPage(
      issuer,
      { ...authorization, login_hint: username },
      parameters,
      formToken(request, issuer),
      usersOf(env),
      isBuiltIn(env),
      "User name or password is wrong.",
    );
  if (!isExpected(user, authorization))
    return sendError(
      byPage,
      authorization,
      issuer,
      "login_required",
      "Another user has logged in.",
    );
  return sendCode(byPage, site, authorization, user);
}

/** Whether the request is meant for this user, or for anybody (OpenID Connect Core §3.1.2.2). */
function isExpected(user: User, { subject }: AcceptedAuthorization): boolean {
  return subject === undefined || subject === user.sub;
}

/**
 * `prompt=none`: no page may be shown. The demo has no login sessions, so it issues a code only to
 * a local script that names its user in `login_hint`.
 */
async function silent(
  request: Request,
  site: Site,
  authorization: AcceptedAuthorization,
): Promise<Response> {
  const { env, issuer } = site;
  const user =
    isDemo(env) && isLocal(request)
      ? usersOf(env).find(({ username }) => username === authorization.login_hint)
      : undefined;
  if (user === undefined || !isExpected(user, authorization))
    return sendError(
      byRedirect,
      authorization,
      issuer,
      "login_required",
      "The user has to log in.",
    );
  return sendCode(byRedirect, site, authorization, user);
}

async function sendCode(
  back: Back,
  { issuer, backend }: Site,
  authorization: AcceptedAuthorization,
  user: User,
): Promise<Response> {
  const { code } = await backend.issueAuthorizationCode({
    ...authorization.code,
    subject: user.sub,
    claims: claimsForScopes(user, authorization.scopes),
    auth_time: Math.floor(Date.now() / 1000),
  });
  return send(back, authorization, issuer, { code });
}

function sendError(
  back: Back,
  to: Address,
  issuer: string,
  error: string,
  description: string,
): Response {
  return send(back, to, issuer, { error, error_description: description });
}

/** Sends the browser back with the answer, the client's state, and the issuer (RFC 9207). */
function send(
  back: Back,
  { redirect_uri, state }: Address,
  issuer: string,
  answer: Record<string, string>,
): Response {
  const query = new URLSearchParams({ ...answer, ...(state && { state }), iss: issuer });
  return back(withQuery(redirect_uri, query));
}
