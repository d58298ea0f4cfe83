// The client of every token endpoint that is measured, and what it asks for.

/** What every server issues tokens for. */
export const scope = "read";

/** The client, which authenticates with Basic; a server may give it another ID and secret. */
export const client = { id: "bench-client", secret: "bench-client-secret" };

/** Where an authorization code would be sent. */
export const redirectUri = "https://app.example.com/callback";

/** The PKCE pair of RFC 7636, appendix B. */
export const pkce = {
  verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
};
