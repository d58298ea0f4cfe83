// One function for each notation into which values are inserted. For HTML, pages.ts has a template
// tag.

/** Encodes a value for a form, a query, or one half of Basic credentials (RFC 6749 appendix B). */
export function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/**
 * The `Authorization` value of a client with a secret: both halves are form-encoded before they are
 * joined (RFC 6749 §2.3.1).
 */
export function basicCredentials(id: string, secret: string): string {
  return `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}`;
}

/**
 * A registered redirect URI, unchanged, with parameters added to its query, if any
 * (RFC 6749 §4.1.2). The engine accepts only redirect URIs without a fragment and without
 * characters that a header can't hold.
 */
export function withQuery(uri: string, parameters: URLSearchParams): string {
  const separator = !uri.includes("?") ? "?" : /[?&]$/.test(uri) ? "" : "&";
  return `${uri}${separator}${parameters}`;
}

/** A command for a POSIX shell: each word becomes one argument, whatever characters it has. */
export function shellCommand(...words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/**
 * The `Path` of a cookie (RFC 6265 §4.1.1). It can't contain a semicolon: a path with one is cut
 * before that segment.
 */
export function cookiePath(path: string): string {
  return path.includes(";") ? path.slice(0, path.lastIndexOf("/", path.indexOf(";")) + 1) : path;
}

/** Bytes as base64url without padding (RFC 7515 §2). */
export function base64url(bytes: ArrayBuffer | Uint8Array): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
