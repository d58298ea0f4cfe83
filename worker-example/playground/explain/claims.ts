// What the members of JWTs (headers and claims) and of introspection answers mean. A name means the
// same wherever it occurs, so one sentence has to do for all.

export const claims: Readonly<Record<string, string>> = {
  // Headers (RFC 7515 §4.1).
  alg: "The algorithm of the signature. The receiver decides which ones it accepts.",
  kid: "Which of the signer’s keys it was.",
  typ: "What kind of token this is, so that none is taken for another.",
  jwk: "The public key of whoever signed it.",
  jku: "Where the signer’s keys are. A receiver must not simply believe it.",
  x5c: "The signer’s certificates.",
  cty: "The type of the content.",

  // Registered claims (RFC 7519 §4.1).
  iss: "Who made it: the authorization server for tokens, the client for its assertion.",
  sub: "Whom it is about: the user, or the client itself.",
  aud: "For whom it is. Everybody else has to refuse it.",
  exp: "From then on it is worth nothing.",
  nbf: "Before then it is worth nothing.",
  iat: "When it was made.",
  jti: "Its own identifier: a receiver that has seen it before refuses it.",

  // ID tokens (OpenID Connect Core §2, §3.1.3.6, §5.1).
  auth_time: "When the user logged in.",
  nonce: "A value of the receiver’s that ties it to one login or one moment.",
  acr: "How surely the user was identified.",
  amr: "How the user was identified, such as by a password.",
  azp: "The client that asked for it.",
  at_hash: "The hash of the access token that came along: a swapped one is noticed.",
  c_hash: "The hash of the code that came along.",
  s_hash: "The hash of the app’s state.",
  sid: "The user’s session at the server.",
  name: "The user’s whole name.",
  given_name: "The user’s given name.",
  family_name: "The user’s family name.",
  middle_name: "The user’s middle name.",
  nickname: "What the user is called casually.",
  preferred_username: "What the user wants to be called. It may change: never an identifier.",
  profile: "The user’s profile page.",
  picture: "The user’s picture.",
  website: "The user’s web site.",
  email: "The user’s e-mail address. It may change: never an identifier.",
  email_verified: "Whether the server has checked that the address is the user’s.",
  phone_number: "The user’s telephone number.",
  phone_number_verified: "Whether the server has checked that the number is the user’s.",
  gender: "The user’s gender.",
  birthdate: "The user’s birthday.",
  zoneinfo: "The user’s time zone.",
  locale: "The user’s language and country.",
  address: "The user’s postal address.",
  updated_at: "When the server last changed what it says about the user.",

  // DPoP proofs and bound tokens (RFC 9449 §4.2, §6; RFC 8705 §3.1).
  htm: "The HTTP method of the one request that this proof is for.",
  htu: "The address of the one request that this proof is for, without its query.",
  ath: "The hash of the access token that comes along: the proof fits no other.",
  cnf: "The key that the sender must prove to have.",
  jkt: "The thumbprint of that key, for DPoP.",
  "x5t#S256": "The thumbprint of the certificate that the sender must show.",

  // Attestations (draft-ietf-oauth-attestation-based-client-auth-08).
  challenge: "A value that the server has just handed out: the proof was not made in advance.",

  // Introspection (RFC 7662 §2.2).
  active: "Whether the token is good for the server that asks. If not, nothing else is said.",
  scope: "What the token permits.",
  client_id: "The client that the token was issued to.",
  username: "The user’s name, for people.",
  token_type: "How the token has to be shown: Bearer, or DPoP with a proof.",
};
