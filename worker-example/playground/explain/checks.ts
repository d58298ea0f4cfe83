// What each check of the engine means, for somebody who sees it for the first time.
import type { EngineCheckName } from "authlete-token/engine";

export interface CheckText {
  readonly title: string;
  /** The rule, so that it is true whether it was kept or not. */
  readonly about: string;
  /** Where it is specified. */
  readonly source?: string;
}

const text = (title: string, about: string, source?: string): CheckText => ({
  title,
  about,
  ...(source !== undefined && { source }),
});

/** A check without a text is a type error. */
export const checks: Readonly<Record<EngineCheckName, CheckText>> = {
  call: text(
    "API call",
    "The endpoint must call an API that exists, with the service’s bearer and members that the API knows.",
    "Authlete’s API reference",
  ),
  http_request: text(
    "HTTP request",
    "The request must be a form, not too large, and its Authorization header readable.",
    "RFC 7662 §2.1, RFC 7009 §2.1",
  ),
  parameters: text(
    "Parameters",
    "Every parameter must be readable and come once, and those that are needed must be there.",
    "RFC 6749 §3.1, §3.2",
  ),
  grant_type: text(
    "Grant type",
    "The server must have this way to get tokens, and the client must be allowed to use it.",
    "RFC 6749 §4.1.2.1, §5.2",
  ),
  authorization_details: text(
    "No authorization details",
    "No request may use authorization_details: this engine does not have them.",
    "RFC 9396",
  ),
  client_authentication: text(
    "Client",
    "The client must be registered, and prove who it is in the registered way. A public one has nothing to prove.",
    "RFC 6749 §2.3, §3.2.1",
  ),
  client_assertion: text(
    "Client assertion",
    "The client’s signed statement must be about itself, for this server, and not expired.",
    "RFC 7523 §3",
  ),
  client_assertion_signature: text(
    "Signature of the assertion",
    "It must be made with the client’s own key or secret.",
    "RFC 7523 §3",
  ),
  client_keys: text(
    "The client’s keys",
    "The client’s public keys are published at its own address, and must be at hand.",
    "RFC 7591 §2",
  ),
  client_attestation: text(
    "Client attestation",
    "The statement of the app’s maker must name this client and the key of this installation, and not be expired.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_attestation_signature: text(
    "Signature of the attestation",
    "It must be signed by a maker that the server trusts for this client.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_attestation_proof: text(
    "Proof of the installation",
    "The sender must have the key that the attestation names, and have just signed a statement for this server with it.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_attestation_challenge: text(
    "Challenge",
    "The proof must contain a value that this server handed out a moment ago, so that none is made in advance.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_certificate: text(
    "Client certificate",
    "The client’s TLS certificate must be valid now, and be the registered one or have the registered name.",
    "RFC 8705 §2",
  ),
  certification_path: text(
    "Certificate chain",
    "The certificate must lead to an authority that the service trusts.",
    "RFC 5280 §6",
  ),
  confidential_client: text(
    "Confidential client",
    "Only clients that can keep a secret may do this: no public ones.",
    "RFC 6749 §2.1",
  ),
  single_use: text(
    "Used once",
    "A proof or assertion is good once, by its identifier (jti): whoever copies it can’t send it again.",
    "RFC 7523 §3, RFC 9449 §11.1",
  ),
  certificate_binding: text(
    "Token bound to a certificate",
    "The client’s tokens are for the owner of its certificate only, so the request must have one.",
    "RFC 8705 §3",
  ),
  dpop_proof: text(
    "DPoP proof",
    "The sender must have just signed method and address of this very request with its key.",
    "RFC 9449 §4.3",
  ),
  dpop_nonce: text(
    "DPoP nonce",
    "The proof must contain a value that the server handed out a moment ago, so that none is made in advance.",
    "RFC 9449 §8",
  ),
  sender_binding: text(
    "Shown by its owner",
    "What is bound to a key or a certificate may be shown only by whoever has that.",
    "RFC 9449 §5, §7.1; RFC 8705 §3",
  ),
  resource: text(
    "Resource",
    "Tokens may be asked only for a server that is known, by its address.",
    "RFC 8707 §2",
  ),
  granted_resources: text(
    "Granted resources",
    "A token may be only for servers that the user’s login was for.",
    "RFC 8707 §2.2",
  ),
  scope: text(
    "Scope",
    "Only scopes that the client may have, and with a refresh token no more than were granted.",
    "RFC 6749 §3.3",
  ),
  authorization_code: text(
    "Authorization code",
    "The code must be known, the client’s own, not expired, and not used before.",
    "RFC 6749 §4.1.2",
  ),
  redirect_uri: text(
    "Redirect URI",
    "The address must be one that the client has registered; at the token endpoint, the one of the login.",
    "RFC 6749 §3.1.2, §4.1.3",
  ),
  pkce: text(
    "PKCE",
    "The code_challenge of a login must be usable, and public clients need one; the code is exchanged only with the code_verifier that fits it.",
    "RFC 7636 §4.3, §4.6",
  ),
  refresh_token: text(
    "Refresh token",
    "The token must be known, the client’s own, and not expired.",
    "RFC 6749 §6",
  ),
  refresh_token_reuse: text(
    "Use of an old refresh token",
    "A token that was replaced before comes again: either an answer was lost and is given again, or somebody else has the token and the login ends.",
    "RFC 9700 §4.14.2",
  ),
  user_credentials: text(
    "User name and password",
    "Both must be there; whether they are right, the endpoint’s hook decides.",
    "RFC 6749 §4.3.2",
  ),
  ticket: text(
    "Ticket",
    "The ticket must stand for a request of a moment ago that nothing has continued yet.",
    "Authlete’s API reference",
  ),
  reason: text(
    "Reason",
    "The endpoint must give one of the reasons that the API knows.",
    "Authlete’s API reference",
  ),
  subject: text(
    "Subject",
    "The endpoint must name the user by an identifier that can be used.",
    "OpenID Connect Core §2",
  ),
  properties: text(
    "Properties",
    "What the endpoint wants to keep with the token must not be too much.",
    "Authlete’s API reference",
  ),
  chosen_access_token: text(
    "Chosen access token",
    "An access token that the endpoint has made itself must be usable, and not be in use yet.",
    "Authlete’s API reference",
  ),
  access_token_issued: text(
    "Access token made",
    "An access token is good as soon as it is stored.",
    "RFC 6749 §5.1",
  ),
  refresh_token_issued: text(
    "Refresh token made",
    "The client gets a new refresh token, or keeps the one that it has.",
    "RFC 6749 §6, RFC 9700 §4.14.2",
  ),
  id_token_issued: text(
    "ID token made",
    "It is a statement about the user’s login, which the service signs for this client.",
    "OpenID Connect Core §3.1.3.3",
  ),
  id_token_reissue: text(
    "ID token again",
    "The service must give new ID tokens with a refresh, and the request for one must be usable.",
    "OpenID Connect Core §12.2",
  ),
  token_family: text(
    "Tokens of one login",
    "Access token and refresh token must be good, and come from the same login.",
    "Authlete’s API reference",
  ),
  access_token: text(
    "Access token",
    "The token must be known, not expired, and not revoked.",
    "RFC 7662 §2.2",
  ),
  token_scheme: text(
    "Bearer or DPoP",
    "The token must be shown under its own scheme: a bound token is no bearer token.",
    "RFC 9449 §7.1",
  ),
  resource_identifiers: text(
    "Resource server",
    "Whoever asks about a token must be registered as a server that accepts tokens.",
    "RFC 7662 §2.1",
  ),
  audience: text(
    "Audience",
    "The token must be for the server that asks about it, and not only for another one.",
    "RFC 8707 §2, RFC 7662 §4",
  ),
  token: text(
    "Token to revoke",
    "Only a token whose login is still there can be revoked; otherwise there is nothing to do.",
    "RFC 7009 §2.2",
  ),
  token_owner: text(
    "Owner of the token",
    "The token must belong to the client that wants to revoke it.",
    "RFC 7009 §2.1",
  ),
  client: text("Client", "The app that sends the user here must be registered.", "RFC 6749 §4.1.1"),
  response_type: text(
    "Response type",
    "The app must ask for a code in the address, and for nothing that this server does not have.",
    "RFC 6749 §3.1.1",
  ),
  prompt: text(
    "Prompt",
    "How the user is to be asked must be understandable.",
    "OpenID Connect Core §3.1.2.1",
  ),
  id_token_hint: text(
    "ID token hint",
    "The hint about the expected user must be an ID token of this server.",
    "OpenID Connect Core §3.1.2.1",
  ),
  dpop_jkt: text(
    "Key of the code",
    "The code is to be bound to a key, whose thumbprint must be well-formed.",
    "RFC 9449 §10",
  ),
  commit: text(
    "Stored",
    "Everything that the step changes is written at once, or nothing: so no code or ticket can be used twice. A grant is a login, or a client’s own request, with its code and all its tokens.",
    "RFC 6749 §10.5",
  ),
  platform: text("Platform", "The store, the cryptography and every fetch must work."),
};
