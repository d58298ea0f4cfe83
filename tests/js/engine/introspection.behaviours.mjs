// What must hold of the endpoints that the engine answers itself, introspection and revocation,
// with the platform's own `Request` and `Response`.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";

const issuer = "https://as.example";
const resource = "https://mcp.example/mcp";
const basic = (id, secret) => `Basic ${btoa(`${id}:${secret}`)}`;
const credentials = {
  mcp: basic("mcp", "mcp-secret"),
  service: basic("service", "service-secret"),
};
const config = {
  service: { serviceId: "1", bearer: "b", issuer },
  clients: [
    { client_id: "service", client_secret: "service-secret", grant_types: ["client_credentials"] },
    {
      client_id: "mcp",
      client_secret: "mcp-secret",
      grant_types: [],
      resource_identifiers: [resource],
    },
  ],
};
const endpoints = [
  ["handleIntrospectionRequest", "introspect", credentials.mcp],
  ["handleRevocationRequest", "revoke", credentials.service],
];

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const { createEngine, failedEngine } = enginePkg;

  const request = (path, authorization, fields) =>
    new Request(`${issuer}/${path}`, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams(fields),
    });

  /** An access token of `service`. */
  async function issue(engine, fields = { resource }) {
    const authlete = new AuthleteClient({
      serviceId: "1",
      bearer: "b",
      serverURL: "http://localhost",
      fetch: (url, init) => engine.fetch(new Request(url, init)),
    });
    const grant = { grant_type: "client_credentials", ...fields };
    const answer = await handleTokenRequest(request("token", credentials.service, grant), {
      authlete,
    });
    return (await answer.json()).access_token;
  }

  const introspect = async (engine, token) => {
    const answer = await engine.handleIntrospectionRequest(
      request("introspect", credentials.mcp, { token }),
    );
    equal(answer.status, 200, "status");
    return answer.json();
  };

  return {
    async "a resource server introspects a token until its client revokes it"() {
      const engine = await createEngine(config);
      const token = await issue(engine);
      const { active, aud, client_id, iss } = await introspect(engine, token);
      deepEqual(
        { active, aud, client_id, iss },
        { active: true, aud: resource, client_id: "service", iss: issuer },
        "state",
      );
      deepEqual(
        await introspect(engine, await issue(engine, { resource: "https://a.example" })),
        { active: false },
        "another resource's",
      );
      const answer = await engine.handleRevocationRequest(
        request("revoke", credentials.service, { token }),
      );
      deepEqual([answer.status, await answer.text()], [200, ""], "answer");
      equal(answer.headers.get("content-type"), null, "content type of no content");
      equal(answer.headers.get("cache-control"), "no-store", "cache-control");
      deepEqual(await introspect(engine, token), { active: false }, "after the revocation");
    },

    async "the addresses of both endpoints can be set, and are in the metadata"() {
      const usual = await (await createEngine(config)).metadata();
      equal(usual.introspection_endpoint, `${issuer}/introspect`, "introspection_endpoint");
      equal(usual.revocation_endpoint, `${issuer}/revoke`, "revocation_endpoint");
      const service = {
        ...config.service,
        introspectionEndpoint: "https://other.example/i",
        revocationEndpoint: "https://other.example/r?a",
      };
      const metadata = await (await createEngine({ ...config, service })).metadata();
      equal(
        metadata.introspection_endpoint,
        service.introspectionEndpoint,
        "introspection_endpoint",
      );
      equal(metadata.revocation_endpoint, service.revocationEndpoint, "revocation_endpoint");
    },

    async "a refusal has a challenge and the error as JSON"() {
      const engine = await createEngine(config);
      for (const [method, path] of endpoints) {
        const answer = await engine[method](request(path, basic("mcp", "wrong"), { token: "x" }));
        equal(answer.status, 401, "status");
        equal(answer.headers.get("content-type"), "application/json", "content-type");
        ok(answer.headers.get("www-authenticate").startsWith("Basic realm="), "challenge");
        equal((await answer.json()).error, "invalid_client", "error");
      }
    },

    async "a body that is too large, was read before, or is missing gets an answer"() {
      const engine = await createEngine(config);
      for (const [method, path, authorization] of endpoints) {
        const large = request(path, authorization, { token: "a".repeat(65_537) });
        const answer = await engine[method](large);
        deepEqual([answer.status, (await answer.json()).error], [413, "invalid_request"], "large");

        const used = request(path, authorization, { token: "a" });
        await used.text();
        const afterwards = await engine[method](used);
        deepEqual(
          [afterwards.status, (await afterwards.json()).error],
          [500, "server_error"],
          "used",
        );

        const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
        const empty = new Request(`${issuer}/${path}`, { method: "POST", headers });
        const missing = await engine[method](empty);
        deepEqual(
          [missing.status, (await missing.json()).error],
          [400, "invalid_request"],
          "empty",
        );

        const get = await engine[method](new Request(`${issuer}/${path}`, { headers }));
        deepEqual([get.status, get.headers.get("allow")], [405, "POST"], "GET");
      }
    },

    async "an argument that is not a request is the caller's error"() {
      const engine = await createEngine(config);
      for (const [method] of endpoints) {
        for (const wrong of [undefined, null, "https://as.example/revoke", {}])
          equal(
            (await rejection(engine[method](wrong))).code,
            "ERR_AUTHLETE_REQUEST_INVALID",
            method,
          );
      }
    },

    async "a failing storage or clock is a server_error for the client, and an event for the operator"() {
      const secret = "secret-in-the-error";
      let broken = false;
      const fail = (value) => {
        if (broken) throw new RangeError(secret);
        return value;
      };
      for (const [options, failure] of [
        [
          { storage: { get: () => fail(undefined), commit: () => true, expire: () => 0 } },
          "store_read",
        ],
        [{ now: () => fail(Date.now()) }, "clock"],
      ]) {
        const events = [];
        broken = false;
        const engine = await createEngine(config, {
          ...options,
          onEvent: (event) => events.push(event),
        });
        broken = true;
        for (const [method, path, authorization] of endpoints) {
          const answer = await engine[method](request(path, authorization, { token: "x" }));
          const text = await answer.text();
          deepEqual([answer.status, JSON.parse(text).error], [500, "server_error"], "answer");
          equal(answer.headers.get("cache-control"), "no-store", "cache-control");
          ok(!text.includes(secret), "what was thrown stays here");
          deepEqual(
            events.splice(0),
            [{ type: "platform_failed", failure, operation: method, error: "RangeError" }],
            "events",
          );
        }
      }
    },

    async "an engine that could not be started answers clients without the reason"() {
      const engine = await createEngine({ ...config, clients: 7 }).catch(failedEngine);
      for (const [method, path, authorization] of endpoints) {
        const answer = await engine[method](request(path, authorization, { token: "x" }));
        deepEqual([answer.status, await answer.json()], [500, { error: "server_error" }], "answer");
        equal(answer.headers.get("cache-control"), "no-store", "cache-control");
        equal(answer.headers.get("x-content-type-options"), "nosniff", "nosniff");
      }
    },
  };
}
