// The public API of `authlete-token`, on one screen.

export { AuthleteClient } from "./client.js";
export type {
  AuthleteClientOptions,
  CallOptions,
  EngineAnswer,
  EngineExchange,
  Fetch,
  RetryOptions,
} from "./client.js";
export type {
  ClientCertificateSource,
  PemCertificateSource,
  Rfc9440CertificateSource,
} from "./client-certificate.js";
export { handlePlainTokenRequest, handleTokenRequest } from "./endpoint.js";
export type {
  AddedTokenRequest,
  Awaitable,
  HookContext,
  ReissueOptions,
  TokenEndpointOptions,
} from "./endpoint.js";
export type { PlainRequest, PlainResponse } from "./plain.js";
export { AuthleteError } from "./errors.js";
export type { AuthleteErrorCode, AuthleteErrorDetails } from "./errors.js";
export type {
  AuthleteEvent,
  EventDetails,
  ExchangeEvent,
  HookFailedEvent,
  HookName,
  OperationName,
  RefusedEvent,
  ReissueFailedEvent,
  TrapEvent,
  UpstreamFailedEvent,
} from "./events.js";
export type * from "./generated/wire.js";
export { authToken, authTokenFail, authTokenIssue, idtokenReissue } from "./operations.js";
