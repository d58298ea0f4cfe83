// One function for each notation that values from elsewhere are put into. HTML has its own: the
// template tag of pages.ts.

/** A value of a form, a query, or one half of Basic credentials (RFC 6749 appendix B). */
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
 * A registered redirect URI, byte for byte, with parameters added to the query that it may have
 * (RFC 6749 §4.1.2). The engine has seen to it that it has no fragment, and nothing that a header
 * could not carry.
 */
export function withQuery(uri: string, parameters: URLSearchParams): string {
  const separator = !uri.includes("?") ? "?" : /[?&]$/.test(uri) ? "" : "&";
  return `${uri}${separator}${parameters}`;
}

/** A command for a POSIX shell: each word is one argument, whatever it holds. */
export function shellCommand(...words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/**
 * The `Path` of a cookie (RFC 6265 §4.1.1). It has no way to write a semicolon: such a path is cut
 * before the segment that has one.
 */
export function cookiePath(path: string): string {
  return path.includes(";") ? path.slice(0, path.lastIndexOf("/", path.indexOf(";")) + 1) : path;
}
