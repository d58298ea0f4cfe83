// The UserInfo endpoint (OpenID Connect Core §5.3): claims about the user for a token with the
// scope openid. A token that is bound to a key or a certificate needs the proof.
import { certificateOf } from "./client-certificate";
import { json } from "./http";
import { baseOf } from "./issuer";
import type { Site } from "./site";
import { claimsForScopes, userBySubject } from "./users";

/** Pages may read the challenge and the nonce, too. */
const shared = {
  "access-control-expose-headers": "WWW-Authenticate, DPoP-Nonce",
  "cache-control": "no-store",
};

/** Answers `/userinfo`. */
export async function userinfo(request: Request, site: Site): Promise<Response> {
  const { env, issuer, backend } = site;
  const address = `${baseOf(issuer)}/userinfo`;
  const [, scheme, token] =
    /^(Bearer|DPoP) +([\w.~+/-]+=*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (scheme === undefined || token === undefined) {
    const challenges = ["Bearer", "DPoP"].map(async (name) => challenge(site, name));
    const headers = { ...shared, "www-authenticate": (await Promise.all(challenges)).join(", ") };
    return new Response(null, { status: 401, headers });
  }
  const verdict = await backend.verifyAccess({
    token,
    scheme,
    dpop: request.headers.get("dpop"),
    htm: request.method,
    htu: address,
    clientCertificate: certificateOf(request, env),
  });
  const nonce: Record<string, string> =
    verdict.dpopNonce === undefined ? {} : { "dpop-nonce": verdict.dpopNonce };
  const refuse = (status: number, error: string, description: string, challenge: string) =>
    json({ error, error_description: description }, status, {
      ...shared,
      ...nonce,
      "www-authenticate": challenge,
    });
  if (!verdict.accepted) return refuse(401, verdict.error, verdict.message, verdict.challenge);

  const { aud, scope, sub } = verdict.token;
  const reject = async (status: number, error: string, description: string, more = "") => {
    const parts = `, error="${error}", error_description="${description}"${more}`;
    return refuse(status, error, description, `${await challenge(site, scheme)}${parts}`);
  };
  // Bound to other resources (RFC 8707), it is not for this server, whoever shows it here.
  const own = [issuer, address].map(normalized);
  if (![aud ?? issuer].flat().some((resource) => own.includes(normalized(resource))))
    return reject(401, "invalid_token", "The access token is for another resource.");
  const scopes = scope?.split(" ") ?? [];
  if (!scopes.includes("openid"))
    return reject(
      403,
      "insufficient_scope",
      "The access token does not have the scope openid.",
      ', scope="openid"',
    );
  const user = userBySubject(env, sub);
  if (user === undefined)
    return reject(401, "invalid_token", "The user of the access token is unknown.");
  return json({ sub: user.sub, ...claimsForScopes(user, scopes) }, 200, { ...shared, ...nonce });
}

/** A URL in the spelling in which equal ones are equal (RFC 3986 §6.2). */
function normalized(resource: string): string {
  return URL.canParse(resource) ? new URL(resource).href : resource;
}

/**
 * The challenge of a scheme (RFC 6750 §3, RFC 9449 §7.1), without an error code: as it is when the
 * request carried no token at all.
 */
async function challenge({ backend }: Site, scheme: string): Promise<string> {
  if (scheme.toLowerCase() === "bearer") return 'Bearer realm="userinfo"';
  const { dpop_signing_alg_values_supported } = await backend.metadata();
  const algorithms = (dpop_signing_alg_values_supported as string[]).join(" ");
  return `DPoP realm="userinfo", algs="${algorithms}"`;
}
