// What is a secret, and what is shown in its place. A secret is whatever lets somebody act as the
// client or the user, even if it works only once.

/** Names of parameters, headers and members whose values are secrets, in lower case. */
const names = new Set([
  "access_token",
  "accesstoken",
  "actor_token",
  "assertion",
  "authorization",
  "client_assertion",
  "client_secret",
  "clientsecret",
  "code",
  "code_verifier",
  "cookie",
  "device_secret",
  "dpop",
  "id_token",
  "id_token_hint",
  "idtoken",
  "jwtaccesstoken",
  "oauth-client-attestation",
  "oauth-client-attestation-pop",
  "oauthclientattestation",
  "oauthclientattestationpop",
  "password",
  "proxy-authorization",
  "refresh_token",
  "refreshtoken",
  "set-cookie",
  "subject_token",
  "ticket",
  "token",
]);

/** Secrets that people choose, of which even the end says too much. */
const chosen = new Set(["client_secret", "clientsecret", "password"]);

/** Whether the value of that parameter, header or member is a secret. */
export function isSecret(name: string): boolean {
  return names.has(name.toLowerCase());
}

const dots = "••••••";

/**
 * What is shown of a secret: the scheme of credentials, and of a long random value its end, by
 * which the same token is recognized elsewhere.
 */
export function masked(name: string, value: string): string {
  const scheme = /^(Basic|Bearer|DPoP) /i.exec(value)?.[0] ?? "";
  const secret = value.slice(scheme.length);
  const whole =
    chosen.has(name.toLowerCase()) || scheme.toLowerCase() === "basic " || secret.length < 20;
  return scheme + dots + (whole ? "" : secret.slice(-4));
}

/** A piece of a text: with a name if it is the secret value of that name. */
export interface Piece {
  readonly text: string;
  readonly secret?: string;
}

/** The parameters of a form or query, decoded; what can't be decoded is left as it is. */
export function parametersOf(form: string): [name: string, value: string][] {
  return [...new URLSearchParams(form)];
}

/** An address in pieces, as it was sent: the secret parameters of its query are apart. */
export function urlPieces(url: string): Piece[] {
  const [, address = url, query] = /^([^?#]*)\?([^#]*)/.exec(url) ?? [];
  if (query === undefined) return [{ text: url }];
  const pieces: Piece[] = [{ text: `${address}?` }];
  query.split("&").forEach((parameter, index) => {
    const [name = "", ...rest] = parameter.split("=");
    const start = `${index === 0 ? "" : "&"}${name}${rest.length > 0 ? "=" : ""}`;
    const value = rest.join("=");
    if (value !== "" && isSecret(name)) pieces.push({ text: start }, { text: value, secret: name });
    else pieces.push({ text: start + value });
  });
  const fragment = url.slice(address.length + 1 + query.length);
  if (fragment !== "") pieces.push({ text: fragment });
  return joined(pieces);
}

/** Neighbours without a secret become one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (piece.secret === undefined && last !== undefined && last.secret === undefined)
      result[result.length - 1] = { text: last.text + piece.text };
    else result.push(piece);
  }
  return result;
}
