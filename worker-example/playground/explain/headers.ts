// What the headers mean that show up in the timeline, by their names in small letters.

export const headers: Readonly<Record<string, string>> = {
  authorization: "Who is asking: the client with its secret (Basic), or an access token.",
  "content-type": "The format of the body: forms to the server, JSON from it.",
  "sec-fetch-site":
    "Browsers say by themselves that a page of this server is asking. Such a page gets 400 in place of 401: a 401 needs a challenge, and that would open the browser’s password box. RFC 6749 §5.2 asks for 401 only if the client used the Authorization header.",
  accept: "Which formats the client understands.",
  dpop: "A proof for this one request that its sender has the key (RFC 9449 §4).",
  "dpop-nonce": "The value that the next proof must contain (RFC 9449 §8).",
  "www-authenticate": "How to identify oneself here, and what was wrong (RFC 9110 §11.6.1).",
  "client-cert":
    "The certificate that the client showed in TLS, as a server in front reports it (RFC 9440).",
  "client-cert-chain": "The certificates above it (RFC 9440).",
  "oauth-client-attestation": "The maker’s statement about this installation of the app.",
  "oauth-client-attestation-pop": "The installation’s proof that it has the key in that statement.",
  "oauth-client-attestation-challenge":
    "The value that the next proof of the installation must contain.",
  "cache-control": "no-store: nobody keeps a copy of tokens (RFC 6749 §5.1).",
  pragma: "The same for very old caches.",
  "access-control-allow-origin":
    "Pages of which origins may read the answer: without cookies, any.",
  "access-control-expose-headers": "Which headers those pages may read.",
  "x-content-type-options": "The browser must not take the answer for anything else than it says.",
  "retry-after": "After how many seconds it makes sense to try again.",
  location: "Where the browser should go next.",
};
