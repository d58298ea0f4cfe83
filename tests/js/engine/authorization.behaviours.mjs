// The authorization endpoint's part of the engine at the boundary: what a host passes in and gets
// back. The rules are tested natively.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";

const redirect_uri = "https://app.example/callback";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const resource = "https://mcp.example.com/mcp";
const config = {
  service: {
    serviceId: "715948317",
    bearer: "service-bearer",
    issuer: "https://as.example",
    supportedScopes: ["openid", "read", "offline_access"],
    supportedResources: [resource],
  },
  clients: [
    {
      client_id: "app",
      client_name: "Anwendung für Ärzte",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
      redirect_uris: [redirect_uri],
      scope: "openid read",
      id_token_signed_response_alg: "ES256",
    },
  ],
};
const good = {
  response_type: "code",
  client_id: "app",
  redirect_uri,
  scope: "openid read nonsense",
  state: "ä & =?",
  nonce: "n-1",
  code_challenge,
  code_challenge_method: "S256",
  resource: "HTTPS://MCP.example.com/mcp",
};

export function behaviours({ enginePkg }) {
  const { AuthleteError, createEngine, failedEngine } = enginePkg;
  const query = (more) => new URLSearchParams({ ...good, ...more });

  /** The answer of the token endpoint to the code. */
  async function redeem(engine, code) {
    const parameters = new URLSearchParams({
      grant_type: "authorization_code",
      client_id: "app",
      code,
      redirect_uri,
      code_verifier: verifier,
    });
    const answer = await engine.fetch(
      new Request("http://localhost/api/715948317/auth/token", {
        method: "POST",
        headers: { authorization: "Bearer service-bearer", "content-type": "application/json" },
        body: JSON.stringify({ parameters: parameters.toString() }),
      }),
    );
    return answer.json();
  }

  return {
    async "a checked authorization request gives all that the code needs but the user"() {
      const engine = await createEngine(config);
      const checked = await engine.checkAuthorization(query());
      deepEqual(
        checked,
        {
          accepted: true,
          client: { client_id: "app", client_name: "Anwendung für Ärzte" },
          redirect_uri,
          state: "ä & =?",
          scopes: ["openid", "read"],
          resources: [resource],
          prompt: [],
          code: {
            client_id: "app",
            scope: "openid read",
            redirect_uri,
            nonce: "n-1",
            code_challenge,
            code_challenge_method: "S256",
            resource: [resource],
          },
        },
        "checked",
      );
      const granted = { ...checked.code, scope: "read", subject: "user-1" };
      const { code } = await engine.issueAuthorizationCode(granted);
      const { action, scopes, accessTokenResources } = await redeem(engine, code);
      deepEqual([action, scopes, accessTokenResources], ["OK", ["read"], [resource]], "tokens");
    },

    async "a query, with or without its question mark, is the same as its parameters"() {
      const engine = await createEngine(config);
      const expected = await engine.checkAuthorization(query());
      const { search } = new URL(`https://as.example/authorize?${query()}`);
      for (const text of [query().toString(), search])
        deepEqual(await engine.checkAuthorization(text), expected, text);
    },

    async "a request that is wrong is an answer, which says whether the user may be sent back"() {
      const engine = await createEngine(config);
      const refused = await engine.checkAuthorization(query({ scope: "offline_access" }));
      deepEqual(
        refused,
        {
          accepted: false,
          error: "invalid_scope",
          message: "scope: has a scope that the client may not request",
          redirect_uri,
          state: "ä & =?",
        },
        "refused",
      );
      for (const [parameters, message] of [
        [
          query({ redirect_uri: "https://evil.example/" }),
          "redirect_uri: not registered for the client",
        ],
        [query({ client_id: "\ud800" }), "client_id: no such client"],
        [`${query()}&state=%ff`, "a parameter is not form-encoded UTF-8"],
        ["x".repeat(5_000_000), "the request is too long"],
        ["", "client_id: missing"],
      ]) {
        const stays = { accepted: false, error: "invalid_request", message };
        deepEqual(await engine.checkAuthorization(parameters), stays, message);
      }
    },

    async "an argument that is neither text nor parameters is an error"() {
      const engine = await createEngine(config);
      for (const wrong of [undefined, null, 7, {}, good, [["client_id", "app"]], new Map(), /x/]) {
        const error = await rejection(engine.checkAuthorization(wrong));
        ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
        deepEqual(
          [error.code, error.message],
          ["ERR_AUTHLETE_REQUEST_INVALID", "parameters: expected a string or URLSearchParams"],
          String(wrong),
        );
      }
    },

    async "a check needs no storage, and an engine that could not be started rejects it"() {
      const broken = () => {
        throw new Error("the storage is away");
      };
      let away = false;
      const storage = {
        get: () => (away ? broken() : undefined),
        commit: () => (away ? broken() : true),
        expire: () => 0,
      };
      const engine = await createEngine(
        { ...config, clients: [{ ...config.clients[0], scope: "read" }] },
        { storage },
      );
      away = true;
      equal((await engine.checkAuthorization(query({ scope: "read" }))).accepted, true, "accepted");
      const reason = new Error("no engine");
      equal(await rejection(failedEngine(reason).checkAuthorization("")), reason, "reason");
    },

    async "resources that a client lists must be the service's"() {
      const clients = [{ ...config.clients[0], allowed_resources: ["https://other.example"] }];
      const error = await rejection(createEngine({ ...config, clients }));
      match(error.message, /^clients\[0\]\.allowed_resources\[0\]: /);
    },
  };
}
