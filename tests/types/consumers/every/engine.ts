// The embedded engine: its configuration, and what its methods take and return.
import {
  AuthleteClient,
  type EngineAnswer,
  type EngineExchange,
  handleTokenRequest,
} from "authlete-token";
import {
  AuthleteError,
  createEngine,
  type Engine,
  type EngineAnswer as AnswerOfEngine,
  type EngineConfig,
  type EngineStore,
  type Introspection,
  type PublicJwkSet,
  type StoreWrite,
} from "authlete-token/engine";
import { exactly } from "./exactly.js";

const service = { serviceId: "1", bearer: "dev", issuer: "http://localhost:8787" };
const config: EngineConfig = {
  service: {
    ...service,
    serviceId: 715948317,
    pkceRequired: true,
    accessTokenDuration: 60,
    supportedResources: ["https://mcp.example.com"],
    supportedGrantTypes: ["AUTHORIZATION_CODE"],
    dpopNonceRequired: true,
    mutualTlsValidatePkiCertChain: true,
    trustedRootCertificates: ["…"],
    tokenEndpoint: undefined,
  },
  clients: [
    {
      client_id: "web-app",
      client_secret: "s",
      grant_types: ["authorization_code"],
      redirect_uris: ["http://localhost:8787/callback"],
      allowed_resources: ["https://mcp.example.com"],
      logo_uri: "…",
    },
    {
      client_id: "machine",
      client_secret: "s",
      client_name: "Machine",
      "client_name#ja": "機械",
      "tos_uri#ja-Kana-JP": undefined,
      jwks: { keys: [{ kty: "EC" }] },
      contacts: ["ops@example.com"],
      dpop_bound_access_tokens: false,
      subject_type: "public",
      default_max_age: 60,
    },
    {
      client_id: "api",
      client_secret: "s",
      grant_types: [],
      resource_identifiers: ["https://api.example"],
    },
    {
      client_id: "jwt",
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      jwks: { keys: [{ kty: "EC" }] },
    },
    {
      client_id: "mac",
      token_endpoint_auth_method: "client_secret_jwt",
      token_endpoint_auth_signing_alg: "HS256",
    },
    { client_id: "remote", jwks_uri: "https://app.example/jwks" },
    {
      client_id: "tls",
      token_endpoint_auth_method: "tls_client_auth",
      tls_client_auth_san_dns: "app.example",
      tls_client_certificate_bound_access_tokens: true,
    },
    {
      client_id: "attested",
      token_endpoint_auth_method: "attest_jwt_client_auth",
      client_attester_jwks: { keys: [{ kty: "EC" }] },
    },
    {
      client_id: "spa",
      token_endpoint_auth_method: "none",
      dpop_bound_access_tokens: true,
      authlete_client_id: 1,
      id_token_signed_response_alg: "ES256",
    },
  ],
  users: [{ sub: "user-1" }],
  jwks: { keys: [{ kid: "1", alg: "ES256", kty: "EC", crv: "P-256", x: "…", y: "…", d: "…" }] },
};

export async function right(): Promise<Response> {
  const engine = await createEngine(config, { now: () => 0, storage: undefined, fetch });
  exactly<Engine>()(engine);
  const { code } = await engine.issueAuthorizationCode({
    client_id: "web-app",
    subject: "user-1",
    scope: "openid",
    nonce: undefined,
  });
  exactly<string>()(code);
  const checked = await engine.checkAuthorization(new URLSearchParams());
  if (checked.accepted) {
    exactly<string[]>()(checked.scopes);
    exactly<string | undefined>()(checked.client.client_name);
    await engine.issueAuthorizationCode({ ...checked.code, scope: "openid", subject: "user-1" });
    // @ts-expect-error the subject is missing
    await engine.issueAuthorizationCode(checked.code);
  } else {
    exactly<string | undefined>()(checked.redirect_uri);
    // @ts-expect-error a refused request gives no code
    checked.code;
  }
  // @ts-expect-error neither text nor parameters
  await engine.checkAuthorization({ client_id: "web-app" });
  const state = await engine.introspect(code);
  exactly<Introspection>()(state);
  if (state.active) {
    exactly<number>()(state.exp);
    exactly<string | undefined>()(state.sub);
  } else {
    // @ts-expect-error an inactive token has no other members
    state.sub;
  }
  exactly<PublicJwkSet>()(await engine.jwks());
  exactly<string>()((await engine.metadata()).token_endpoint);
  exactly<void>()(await engine.revoke(code));
  const request = new Request("http://localhost/introspect", { method: "POST" });
  exactly<Response>()(await engine.handleIntrospectionRequest(request));
  exactly<Response>()(await engine.handleRevocationRequest(request));
  exactly<string>()((await engine.metadata()).introspection_endpoint);
  new AuthleteClient({
    serviceId: "1",
    bearer: "dev",
    fetch: (url, init) => engine.fetch(new Request(url, init)),
  });
  return engine.fetch(new Request("http://localhost/"));
}

/** The three ways from a client to an engine. */
export async function reached(engine: Engine, request: Request): Promise<Response> {
  const options = { serviceId: "1", bearer: "dev" };
  const authlete = new AuthleteClient({ ...options, engine });
  exactly<AnswerOfEngine>()(await engine.exchange("/api/1/auth/token", "Bearer dev", "{}"));
  // As the stub of a Durable Object: its methods return promises, with more than a promise has.
  const stub = {
    exchange: (path: string, authorization: string, body: string) =>
      Object.assign(engine.exchange(path, authorization, body), { dup: () => stub }),
  };
  const exchange: EngineExchange = stub;
  new AuthleteClient({ ...options, engine: exchange, timeoutMs: 1_000, retry: { attempts: 2 } });
  const answer: EngineAnswer = { status: 200, body: "{}" };
  new AuthleteClient({ ...options, engine: { exchange: () => answer } });
  new AuthleteClient({ ...options, engine: undefined, fetch: undefined });
  // @ts-expect-error no method exchange
  new AuthleteClient({ ...options, engine: { fetch: engine.fetch } });
  // @ts-expect-error an answer has a body
  new AuthleteClient({ ...options, engine: { exchange: () => ({ status: 200 }) } });
  // @ts-expect-error a body is text
  new AuthleteClient({ ...options, engine: { exchange: async () => ({ status: 200, body: {} }) } });
  // @ts-expect-error an engine is an object, not its promise
  new AuthleteClient({ ...options, engine: createEngine(config) });
  // @ts-expect-error the body is missing
  await engine.exchange("/api/1/auth/token", "Bearer dev");
  // @ts-expect-error answers are read-only
  answer.status = 500;
  return handleTokenRequest(request, { authlete });
}

/** A user's own store: declared as an `EngineStore`, or not. */
export async function stored(): Promise<void> {
  const store: EngineStore = {
    get: () => null,
    commit: (writes, now) => writes.every((write) => applies(write, now)),
    expire: () => 0,
  };
  await createEngine(config, { storage: store });
  await createEngine(config, {
    storage: { get: () => ({ value: "{}", expires_at: 0 }), commit: () => true, expire: () => 0 },
  });
  // @ts-expect-error a store is synchronous
  await createEngine(config, { storage: { ...store, get: async () => undefined } });
  // @ts-expect-error a store is synchronous
  await createEngine(config, { storage: { ...store, commit: async () => true } });
  // @ts-expect-error the number of removed records is missing
  await createEngine(config, { storage: { ...store, expire: () => undefined } });
  // @ts-expect-error expire is missing
  await createEngine(config, { storage: { get: store.get, commit: store.commit } });
}

function applies(write: StoreWrite, now: number): boolean {
  switch (write.op) {
    case "insert":
      return write.value !== "" && write.expires_at > now;
    case "replace":
      return write.value !== write.expected;
    case "consume":
      return write.kind !== write.key;
    case "delete":
      // @ts-expect-error a delete has no value
      return write.value === "";
  }
}

export async function wrong(engine: Engine): Promise<void> {
  // @ts-expect-error the service is missing
  await createEngine({ clients: [] });
  // @ts-expect-error no such member
  await createEngine({ service, tenants: [] });
  // @ts-expect-error no such property of a service
  await createEngine({ service: { ...service, accessTokenLifetime: 60 } });
  // @ts-expect-error no such grant type
  await createEngine({ service: { ...service, supportedGrantTypes: ["authorization_code"] } });
  // @ts-expect-error a client must have an ID
  await createEngine({ service, clients: [{ client_secret: "s" }] });
  // @ts-expect-error the member is called client_secret
  await createEngine({ service, clients: [{ client_id: "c", secret: "s" }] });
  await createEngine({
    service,
    // @ts-expect-error the member is called redirect_uris
    clients: [{ client_id: "c", client_secret: "s", redirect_uri: "https://app.example/callback" }],
  });
  // @ts-expect-error only members that people read have a language tag
  await createEngine({ service, clients: [{ client_id: "c", "client_secret#ja": "s" }] });
  // @ts-expect-error a name is a string, in every language
  await createEngine({ service, clients: [{ client_id: "c", "client_name#ja": 1 }] });
  // @ts-expect-error pairwise identifiers are not supported yet
  await createEngine({ service, clients: [{ client_id: "c", subject_type: "pairwise" }] });
  // @ts-expect-error no such method of client authentication
  await createEngine({ service, clients: [{ client_id: "c", token_endpoint_auth_method: "jwt" }] });
  // @ts-expect-error a certification authority is a text in PEM
  await createEngine({ service: { ...service, trustedRootCertificates: [new Uint8Array()] } });
  await createEngine({
    service,
    // @ts-expect-error no such algorithm
    clients: [{ client_id: "c", id_token_signed_response_alg: "HS256" }],
  });
  // @ts-expect-error not a storage
  await createEngine({ service }, { storage: new Map() });
  // @ts-expect-error the clock returns milliseconds, not a Date
  await createEngine({ service }, { now: () => new Date() });
  // @ts-expect-error the subject is missing
  await engine.issueAuthorizationCode({ client_id: "web-app" });
  // @ts-expect-error a token is a string
  await engine.revoke(1);
  // @ts-expect-error the engine takes a request
  await engine.fetch("http://localhost/");
}

export function isOurs(error: unknown): boolean {
  return error instanceof AuthleteError && error.code === "ERR_AUTHLETE_CONFIG";
}
