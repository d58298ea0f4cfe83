// The embedded engine: its configuration, and what its methods take and give.
import { AuthleteClient } from "authlete-token";
import { AuthleteError, createEngine, type Engine, type EngineConfig, type Introspection, type PublicJwkSet } from "authlete-token/engine";
import { exactly } from "./exactly.js";

const service = { serviceId: "1", bearer: "dev", issuer: "http://localhost:8787" };
const config: EngineConfig = {
  service: {
    ...service,
    serviceId: 715948317,
    pkceRequired: true,
    accessTokenDuration: 60,
    supportedGrantTypes: ["AUTHORIZATION_CODE"],
    tokenEndpoint: undefined,
  },
  clients: [
    { client_id: "web-app", client_secret: "s", grant_types: ["authorization_code"], redirect_uris: ["http://localhost:8787/callback"], logo_uri: "…" },
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
    { client_id: "spa", token_endpoint_auth_method: "none", authlete_client_id: 1, id_token_signed_response_alg: "ES256" },
  ],
  users: [{ sub: "user-1" }],
  jwks: { keys: [{ kid: "1", alg: "ES256", kty: "EC", crv: "P-256", x: "…", y: "…", d: "…" }] },
};

export async function right(): Promise<Response> {
  const engine = await createEngine(config, { now: () => 0, storage: undefined });
  exactly<Engine>()(engine);
  const { code } = await engine.issueAuthorizationCode({ client_id: "web-app", subject: "user-1", scope: "openid", nonce: undefined });
  exactly<string>()(code);
  const state = await engine.introspect(code);
  exactly<Introspection>()(state);
  if (state.active) {
    exactly<number>()(state.exp);
    exactly<string | undefined>()(state.sub);
  } else {
    // @ts-expect-error nothing is known of a token that is not live
    state.sub;
  }
  exactly<PublicJwkSet>()(await engine.jwks());
  exactly<string>()((await engine.metadata()).token_endpoint);
  exactly<void>()(await engine.revoke(code));
  new AuthleteClient({ serviceId: "1", bearer: "dev", fetch: (url, init) => engine.fetch(new Request(url, init)) });
  return engine.fetch(new Request("http://localhost/"));
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
  // @ts-expect-error a client has an ID
  await createEngine({ service, clients: [{ client_secret: "s" }] });
  // @ts-expect-error the member is called client_secret
  await createEngine({ service, clients: [{ client_id: "c", secret: "s" }] });
  // @ts-expect-error the member is called redirect_uris
  await createEngine({ service, clients: [{ client_id: "c", client_secret: "s", redirect_uri: "https://app.example/callback" }] });
  // @ts-expect-error only what people read has a language
  await createEngine({ service, clients: [{ client_id: "c", "client_secret#ja": "s" }] });
  // @ts-expect-error a name is a string, in every language
  await createEngine({ service, clients: [{ client_id: "c", "client_name#ja": 1 }] });
  // @ts-expect-error DPoP is not supported yet
  await createEngine({ service, clients: [{ client_id: "c", dpop_bound_access_tokens: true }] });
  // @ts-expect-error no such algorithm
  await createEngine({ service, clients: [{ client_id: "c", id_token_signed_response_alg: "HS256" }] });
  // @ts-expect-error not a storage
  await createEngine({ service }, { storage: new Map() });
  // @ts-expect-error the clock gives milliseconds, not a date
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
