// What the parameters of requests to the token endpoint and its neighbours mean.

export const parameters: Readonly<Record<string, string>> = {
  grant_type: "What the client offers for the tokens (RFC 6749 §4).",
  code: "What the browser brought back from the login. Good once, for a moment.",
  redirect_uri:
    "Where the browser is to come back, or came back: an address that the client has registered (RFC 6749 §3.1.2, §4.1.3).",
  code_verifier:
    "The secret behind the code_challenge of the login. It proves that the same app is asking (RFC 7636).",
  refresh_token: "Brings new tokens without a login (RFC 6749 §6).",
  scope: "What the tokens should permit, separated by spaces (RFC 6749 §3.3).",
  resource: "The server that the tokens are for (RFC 8707).",
  username: "The user’s name, as typed in.",
  password: "The user’s password. In this grant the app sees it: new apps should use a login page.",
  client_id: "Which client is asking.",
  client_secret: "The client’s password.",
  client_assertion: "A statement about itself that the client has signed (RFC 7523 §2.2).",
  client_assertion_type: "What kind of assertion that is.",
  assertion: "A signed statement that is offered for tokens (RFC 7523 §2.1).",
  subject_token: "The token that is to be exchanged (RFC 8693).",
  subject_token_type: "What kind of token that is.",
  actor_token: "A token of whoever acts for the subject (RFC 8693).",
  audience: "The server that the new token is for, by name (RFC 8693).",
  token: "The token that is asked about, or revoked (RFC 7662, RFC 7009).",
  token_type_hint: "What kind of token it may be.",

  // The login (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1).
  response_type: "What the browser should bring back: a code.",
  state: "A random value by which the app recognises the login that it started.",
  nonce: "A value of the app that the ID token must contain.",
  code_challenge: "The hash of a secret that the app keeps to itself until it exchanges the code.",
  code_challenge_method: "How that hash is made.",
  prompt: "How the user is asked; “none” means: no page.",
  login_hint: "Which user is expected.",
  dpop_jkt: "The thumbprint of the key that the code is bound to (RFC 9449 §10).",
  iss: "Which authorization server answers (RFC 9207).",
  error: "Why there is no code.",
  error_description: "The same, for developers.",
};
