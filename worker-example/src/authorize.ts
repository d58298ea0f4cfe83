// The authorization endpoint of the demo: login and consent on one page, then an authorization code
// (RFC 6749 §4.1).
import {
  type AuthorizationRequest,
  type Checked,
  checkAuthorizationRequest,
  type ReturnAddress,
} from "./authorization-request";
import { configOf, type Env, isDemo, issuerOf, type User, usersOf } from "./config";
import { formToken, isOwnForm } from "./csrf";
import { engineOf } from "./engine-object";
import { readForm, seeOther } from "./http";
import { goOnPage, loginPage, refusalPage } from "./login-page";
import { withQuery } from "./notations";
import { authenticate, claimsForScopes } from "./users";

/** How the browser gets back to the client: by a redirect or, after a form, by a page. */
type Back = (to: ReturnAddress, location: string) => Response;

const byRedirect: Back = (_, location) => seeOther(location);
const byPage: Back = ({ client }, location) => goOnPage(client, location);

/**
 * Answers `/authorize`: GET and POST start a request (OpenID Connect Core §3.1.2.1), a POST with a
 * decision ends it.
 */
export async function authorize(request: Request, env: Env): Promise<Response> {
  const parameters =
    request.method === "POST" ? await readForm(request) : new URL(request.url).searchParams;
  if (parameters === null)
    return refusalPage(
      "The request body is not a form (application/x-www-form-urlencoded), or is too long.",
    );
  const issuer = issuerOf(env, request);
  const checked = checkAuthorizationRequest(parameters, configOf(env, issuer));
  const decided = request.method === "POST" && parameters.has("decision");
  if (checked.kind !== "ok") return refuse(checked, issuer, decided ? byPage : byRedirect);

  if (decided) return decide(request, env, issuer, checked.request, parameters);
  if (checked.request.prompts.includes("none"))
    return silent(request, env, issuer, checked.request);
  return loginPage(issuer, checked.request, parameters, formToken(request, issuer), usersOf(env));
}

/** Carries out the user's decision on the login page. */
async function decide(
  request: Request,
  env: Env,
  issuer: string,
  authorization: AuthorizationRequest,
  form: URLSearchParams,
): Promise<Response> {
  if (!(await isOwnForm(request, form, issuer))) {
    return refusalPage(
      "This form can't be accepted: it was not opened in this browser, it was open for too long, or the browser does not send cookies. Start again at the application.",
      403,
    );
  }
  if (form.get("decision") !== "allow") {
    return sendError(byPage, authorization, issuer, "access_denied", "The user refused access.");
  }
  const user = await authenticate(env, form.get("username") ?? "", form.get("password") ?? "");
  if (user === null)
    return loginPage(
      issuer,
      authorization,
      form,
      formToken(request, issuer),
      usersOf(env),
      "User name or password is wrong.",
    );
  return sendCode(byPage, env, issuer, authorization, user);
}

/**
 * `prompt=none`: no page may be shown. The demo has no login sessions, so it issues a code only to
 * a local script that names its user in `login_hint`.
 */
async function silent(
  request: Request,
  env: Env,
  issuer: string,
  authorization: AuthorizationRequest,
): Promise<Response> {
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(new URL(request.url).hostname);
  const user =
    isDemo(env) && local
      ? usersOf(env).find(({ username }) => username === authorization.loginHint)
      : undefined;
  if (user === undefined)
    return sendError(
      byRedirect,
      authorization,
      issuer,
      "login_required",
      "The user has to log in.",
    );
  return sendCode(byRedirect, env, issuer, authorization, user);
}

async function sendCode(
  back: Back,
  env: Env,
  issuer: string,
  authorization: AuthorizationRequest,
  user: User,
): Promise<Response> {
  const result = await engineOf(env, issuer).issueAuthorizationCode({
    client_id: authorization.client.client_id,
    subject: user.sub,
    claims: claimsForScopes(user, authorization.scopes),
    auth_time: Math.floor(Date.now() / 1000),
    ...present({
      scope: authorization.scopes.join(" ") || undefined,
      redirect_uri: authorization.sentRedirectUri,
      nonce: authorization.nonce,
      code_challenge: authorization.codeChallenge,
      code_challenge_method: authorization.codeChallengeMethod,
      dpop_jkt: authorization.dpopJkt,
      resource: authorization.resources.length > 0 ? [...authorization.resources] : undefined,
      authorization_details: authorization.authorizationDetails,
    }),
  });
  if ("refused" in result)
    return sendError(back, authorization, issuer, errorFor(result.refused), result.refused);
  return send(back, authorization, issuer, { code: result.code });
}

/** The error code: the engine's message begins with the member that was wrong. */
function errorFor(message: string): string {
  if (message.startsWith("client_id")) return "unauthorized_client";
  if (message.startsWith("scope")) return "invalid_scope";
  if (message.startsWith("resource")) return "invalid_target";
  if (message.startsWith("authorization_details")) return "invalid_authorization_details";
  return "invalid_request";
}

function refuse(checked: Exclude<Checked, { kind: "ok" }>, issuer: string, back: Back): Response {
  return checked.kind === "page"
    ? refusalPage(checked.message)
    : sendError(back, checked.to, issuer, checked.error, checked.description);
}

function sendError(
  back: Back,
  to: ReturnAddress,
  issuer: string,
  error: string,
  description: string,
): Response {
  // Only the characters that RFC 6749 §4.1.2.1 allows in a description.
  return send(back, to, issuer, {
    error,
    error_description: description.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'"),
  });
}

/** Sends the browser back with the answer, the client's state, and the issuer (RFC 9207). */
function send(
  back: Back,
  to: ReturnAddress,
  issuer: string,
  answer: Record<string, string>,
): Response {
  const query = new URLSearchParams({ ...answer, ...present({ state: to.state }), iss: issuer });
  return back(to, withQuery(to.redirectUri, query));
}

/** The members that are not `undefined`. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
