// The addresses of an issuer.

/**
 * The URL with which this server's addresses begin, without a slash at the end. It is not taken
 * from the request, whose URL a server in front may have rewritten.
 */
export function baseOf(issuer: string): string {
  return issuer.replace(/\/+$/, "");
}

/** The path with which this server's addresses begin; "" for an issuer without a path. */
export function pathOf(issuer: string): string {
  return new URL(issuer).pathname.replace(/\/+$/, "");
}
