// What each check of the engine means, for somebody who sees it for the first time.
import type { EngineCheckName } from "authlete-token/engine";

export interface CheckText {
  readonly title: string;
  /** What is checked, in one sentence. */
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
    "The endpoint calls an API that exists, with the service’s bearer and members that the API knows.",
    "Authlete’s API reference",
  ),
  http_request: text(
    "HTTP request",
    "The request is a form, not too large, with a readable Authorization header.",
    "RFC 7662 §2.1, RFC 7009 §2.1",
  ),
  parameters: text(
    "Parameters",
    "Every parameter can be read and comes once, and those that are needed are there.",
    "RFC 6749 §3.2",
  ),
  grant_type: text(
    "Grant type",
    "The server has this way to get tokens, and this client may use it.",
    "RFC 6749 §5.2",
  ),
  authorization_details: text(
    "No authorization details",
    "The request does not use authorization_details, which this engine does not have.",
    "RFC 9396",
  ),
  client_authentication: text(
    "Client",
    "The client is registered, and has proved who it is in the registered way.",
    "RFC 6749 §2.3, §3.2.1",
  ),
  client_assertion: text(
    "Client assertion",
    "The client’s signed statement is about itself, meant for this server, and has not expired.",
    "RFC 7523 §3",
  ),
  client_assertion_signature: text(
    "Signature of the assertion",
    "It was made with the client’s own key or secret.",
    "RFC 7523 §3",
  ),
  client_keys: text(
    "The client’s keys",
    "The client’s public keys are at hand: they are published at its own address.",
    "RFC 7591 §2",
  ),
  client_attestation: text(
    "Client attestation",
    "The statement of the app’s maker names this client and the key of this installation, and has not expired.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_attestation_signature: text(
    "Signature of the attestation",
    "It was signed by a maker that the server trusts for this client.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_attestation_proof: text(
    "Proof of the installation",
    "The sender has the key that the attestation names: it has just signed a statement for this server with it.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_attestation_challenge: text(
    "Challenge",
    "The proof contains a value that this server handed out a moment ago, so it was not made in advance.",
    "Attestation-Based Client Authentication, draft 08",
  ),
  client_certificate: text(
    "Client certificate",
    "The client’s TLS certificate is valid now, and is the registered one or has the registered name.",
    "RFC 8705 §2",
  ),
  certification_path: text(
    "Certificate chain",
    "The certificate leads to an authority that the service trusts.",
    "RFC 5280 §6",
  ),
  confidential_client: text(
    "Confidential client",
    "The client can keep a secret: this is nothing for public clients.",
    "RFC 6749 §2.1",
  ),
  single_use: text(
    "Used once",
    "The identifier (jti) in this proof or assertion has not been seen before: whoever copied it can’t send it again.",
    "RFC 7523 §3, RFC 9449 §11.1",
  ),
  certificate_binding: text(
    "Token bound to a certificate",
    "The client’s tokens are for the owner of its certificate only, and the request has one.",
    "RFC 8705 §3",
  ),
  dpop_proof: text(
    "DPoP proof",
    "The sender has just signed method and address of this very request with its key.",
    "RFC 9449 §4.3",
  ),
  dpop_nonce: text(
    "DPoP nonce",
    "The proof contains a value that the server handed out a moment ago, so it was not made in advance.",
    "RFC 9449 §8",
  ),
  sender_binding: text(
    "Shown by its owner",
    "What is bound to a key or a certificate is shown by whoever has that.",
    "RFC 9449 §5, §7.1; RFC 8705 §3",
  ),
  resource: text(
    "Resource",
    "The tokens are asked for a server that is known, by its address.",
    "RFC 8707 §2",
  ),
  granted_resources: text(
    "Granted resources",
    "The user’s login was for this server, too.",
    "RFC 8707 §2.2",
  ),
  scope: text(
    "Scope",
    "The client asks for no more than it may have, and no more than was granted.",
    "RFC 6749 §3.3",
  ),
  authorization_code: text(
    "Authorization code",
    "The code is known, belongs to this client, has not expired, and was not used before.",
    "RFC 6749 §4.1.2",
  ),
  redirect_uri: text(
    "Redirect URI",
    "The code was sent to this address of the app, and to no other.",
    "RFC 6749 §4.1.3",
  ),
  pkce: text(
    "PKCE",
    "Whoever asks is the one who started the login: only they know the code_verifier.",
    "RFC 7636 §4.6",
  ),
  refresh_token: text(
    "Refresh token",
    "The token is known, belongs to this client, and has not expired.",
    "RFC 6749 §6",
  ),
  refresh_token_reuse: text(
    "Use of an old refresh token",
    "The token was replaced before: either an answer was lost and is given again, or somebody else has the token and the login ends.",
    "RFC 9700 §4.14.2",
  ),
  user_credentials: text(
    "User name and password",
    "Both are there; whether they are right, the endpoint’s hook decides.",
    "RFC 6749 §4.3.2",
  ),
  ticket: text(
    "Ticket",
    "The call continues a request of a moment ago, which nothing has continued yet.",
    "Authlete’s API reference",
  ),
  reason: text(
    "Reason",
    "The endpoint gives one of the reasons that the API knows.",
    "Authlete’s API reference",
  ),
  subject: text(
    "Subject",
    "The user’s identifier that the endpoint names can be used.",
    "OpenID Connect Core §2",
  ),
  properties: text(
    "Properties",
    "What the endpoint wants to keep with the token is not too much.",
    "Authlete’s API reference",
  ),
  chosen_access_token: text(
    "Chosen access token",
    "The access token that the endpoint has made itself can be used, and is not in use yet.",
    "Authlete’s API reference",
  ),
  access_token_issued: text(
    "Access token made",
    "It is good as soon as it is stored.",
    "RFC 6749 §5.1",
  ),
  refresh_token_issued: text(
    "Refresh token made",
    "The client gets a new refresh token, or keeps the one that it has.",
    "RFC 6749 §6, RFC 9700 §4.14.2",
  ),
  id_token_issued: text(
    "ID token made",
    "A statement about the user’s login, signed for this client.",
    "OpenID Connect Core §3.1.3.3",
  ),
  id_token_reissue: text(
    "ID token again",
    "The service gives a new ID token with a refresh, and this request for one can be used.",
    "OpenID Connect Core §12.2",
  ),
  token_family: text(
    "Tokens of one login",
    "Access token and refresh token are good, and come from the same login.",
    "Authlete’s API reference",
  ),
  access_token: text(
    "Access token",
    "The token is known, has not expired, and was not revoked.",
    "RFC 7662 §2.2",
  ),
  token_scheme: text(
    "Bearer or DPoP",
    "The token is shown under its own scheme: a bound token is no bearer token.",
    "RFC 9449 §7.1",
  ),
  resource_identifiers: text(
    "Resource server",
    "Whoever asks about the token is registered as a server that accepts tokens.",
    "RFC 7662 §2.1",
  ),
  audience: text(
    "Audience",
    "The token is for the server that asks about it, and not only for another one.",
    "RFC 8707 §2, RFC 7662 §4",
  ),
  token: text(
    "Token to revoke",
    "The token is one of a login that is still there; otherwise there is nothing to do.",
    "RFC 7009 §2.2",
  ),
  token_owner: text(
    "Owner of the token",
    "The token belongs to the client that wants to revoke it.",
    "RFC 7009 §2.1",
  ),
  client: text("Client", "The app that sends the user here is registered.", "RFC 6749 §4.1.1"),
  response_type: text(
    "Response type",
    "The app asks for a code in the address, and for nothing that this server does not have.",
    "RFC 6749 §3.1.1",
  ),
  prompt: text(
    "Prompt",
    "How the user is to be asked can be understood.",
    "OpenID Connect Core §3.1.2.1",
  ),
  id_token_hint: text(
    "ID token hint",
    "The hint about the expected user is an ID token of this server.",
    "OpenID Connect Core §3.1.2.1",
  ),
  dpop_jkt: text(
    "Key of the code",
    "The code will be bound to a key; its thumbprint is well-formed.",
    "RFC 9449 §10",
  ),
  commit: text(
    "Stored",
    "Everything that this step changes was written at once, or nothing: no code or token is good twice.",
    "RFC 6749 §10.5",
  ),
  platform: text("Platform", "The store, the cryptography or a fetch did not work."),
};
