// The UserInfo endpoint (OpenID Connect Core §5.3): claims about the user for a token with the
// scope openid.
import { baseOf, type Env, issuerOf } from "./config";
import { engineOf } from "./engine-object";
import { json } from "./http";
import { claimsForScopes, userBySubject } from "./users";

/** Pages may read the challenge, too. */
const shared = { "access-control-expose-headers": "WWW-Authenticate", "cache-control": "no-store" };

/** Answers `/userinfo`. */
export async function userinfo(request: Request, env: Env): Promise<Response> {
  const credentials = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.get("authorization") ?? "");
  if (credentials?.[1] === undefined) return challenge(401);
  const issuer = issuerOf(env, request);
  const state = await engineOf(env, issuer).introspect(credentials[1]);
  if (!state.active)
    return challenge(401, "invalid_token", "The access token is unknown, expired or revoked.");
  // A token of another type is bound to a key, and must not be accepted without the proof (RFC 9449
  // §7.1).
  if (state.token_type !== "Bearer")
    return challenge(401, "invalid_token", "The access token is not a Bearer token.");
  // Bound to other resources (RFC 8707), it is not for this server, whoever shows it here.
  const own = [issuer, `${baseOf(issuer)}/userinfo`].map(normalized);
  if (![state.aud ?? issuer].flat().some((resource) => own.includes(normalized(resource))))
    return challenge(401, "invalid_token", "The access token is for another resource.");
  const scopes = state.scope?.split(" ") ?? [];
  if (!scopes.includes("openid"))
    return challenge(
      403,
      "insufficient_scope",
      "The access token does not have the scope openid.",
      'scope="openid"',
    );
  const user = userBySubject(env, state.sub);
  if (user === undefined)
    return challenge(401, "invalid_token", "The user of the access token is unknown.");
  return json({ sub: user.sub, ...claimsForScopes(user, scopes) }, 200, shared);
}

/** A URL in the spelling in which equal ones are equal (RFC 3986 §6.2). */
function normalized(resource: string): string {
  return URL.canParse(resource) ? new URL(resource).href : resource;
}

/**
 * A refusal with the challenge of RFC 6750 §3; without an error code when the request carried no
 * token at all.
 */
function challenge(status: number, error?: string, description?: string, more?: string): Response {
  const parts = ['realm="userinfo"'];
  if (error !== undefined) parts.push(`error="${error}"`, `error_description="${description}"`);
  if (more !== undefined) parts.push(more);
  const headers = { ...shared, "www-authenticate": `Bearer ${parts.join(", ")}` };
  return error === undefined
    ? new Response(null, { status, headers })
    : json({ error, error_description: description }, status, headers);
}
