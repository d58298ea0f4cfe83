// What the routes need of the embedded engine. The worker has it in a Durable Object, the
// playground's other mode in the page.
import { type AuthleteClient, handlePlainTokenRequest } from "authlete-token";
import type { PlainRequest, PlainResponse } from "authlete-token";
import type {
  AccessParams,
  AccessVerdict,
  AttestationChallenge,
  AuthorizationCheck,
  AuthorizationCodeParams,
  Engine,
  IssuedCode,
  PublicJwkSet,
  ServerMetadata,
} from "authlete-token/engine";
import type { Env } from "./config";
import { tokenOptions } from "./token-endpoint";
import type { TraceEntry } from "./trace";

/** A token request with its whole body. Plain data, which crosses fast into a Durable Object. */
export type TokenMessage = Pick<PlainRequest, "method" | "url" | "headers" | "cf"> & {
  readonly body: Uint8Array;
};

/** The engine of one issuer, and the token endpoint over it. */
export interface Backend {
  /** Answers a request to the token endpoint. */
  token(message: TokenMessage): Promise<PlainResponse>;
  checkAuthorization(parameters: string): Promise<AuthorizationCheck>;
  issueAuthorizationCode(params: AuthorizationCodeParams): Promise<IssuedCode>;
  verifyAccess(params: AccessParams): Promise<AccessVerdict>;
  attestationChallenge(): Promise<AttestationChallenge>;
  jwks(): Promise<PublicJwkSet>;
  metadata(): Promise<ServerMetadata>;
  introspect(request: Request): Promise<Response>;
  revoke(request: Request): Promise<Response>;
  /** What was recorded of the requests with this trace; undefined if nothing is known of it. */
  recorded(trace: string): Promise<readonly TraceEntry[] | undefined>;
}

/** What a backend does itself; what was recorded, its owner knows. */
export type Operations = Omit<Backend, "recorded">;

/** Everything over an engine in this program. Endpoint and engine work in one pass. */
export class EngineOperations implements Operations {
  readonly #env: Env;
  readonly #engine: Engine;
  readonly #authlete: AuthleteClient;

  /** `authlete` is the engine's client: the same for every request, since the service is. */
  constructor(env: Env, engine: Engine, authlete: AuthleteClient) {
    this.#env = env;
    this.#engine = engine;
    this.#authlete = authlete;
  }

  token(message: TokenMessage): Promise<PlainResponse> {
    return handlePlainTokenRequest(plainRequest(message), tokenOptions(this.#env, this.#authlete));
  }

  checkAuthorization(parameters: string): Promise<AuthorizationCheck> {
    return this.#engine.checkAuthorization(parameters);
  }

  issueAuthorizationCode(params: AuthorizationCodeParams): Promise<IssuedCode> {
    return this.#engine.issueAuthorizationCode(params);
  }

  verifyAccess(params: AccessParams): Promise<AccessVerdict> {
    return this.#engine.verifyAccess(params);
  }

  attestationChallenge(): Promise<AttestationChallenge> {
    return this.#engine.attestationChallenge();
  }

  jwks(): Promise<PublicJwkSet> {
    return this.#engine.jwks();
  }

  metadata(): Promise<ServerMetadata> {
    return this.#engine.metadata();
  }

  introspect(request: Request): Promise<Response> {
    return this.#engine.handleIntrospectionRequest(request);
  }

  revoke(request: Request): Promise<Response> {
    return this.#engine.handleRevocationRequest(request);
  }
}

/** The request for `handlePlainTokenRequest`. */
export function plainRequest({ body, ...head }: TokenMessage): PlainRequest {
  return { ...head, bytes: async () => body };
}
