// One function for each notation that values from elsewhere are put into. HTML has its own: the template tag of pages.ts.

/**
 * A registered redirect URI, byte for byte, with parameters added to the query that it may have (RFC 6749 §4.1.2). The engine has seen to it that it has no
 * fragment, and nothing that a header could not carry.
 */
export function withQuery(uri: string, parameters: URLSearchParams): string {
  const separator = !uri.includes("?") ? "?" : /[?&]$/.test(uri) ? "" : "&";
  return `${uri}${separator}${parameters}`;
}
