// Introspection (RFC 7662) and revocation (RFC 7009) at the running worker.
import assert from "node:assert/strict";
import test from "node:test";
import { clients, demoAt } from "./support/demo.mjs";
import { basic, exchange, form } from "./support/http.mjs";

const resource = "http://localhost:3000/mcp";
const inactive = '{"active":false}';
const formType = { "content-type": "application/x-www-form-urlencoded" };
const resourceServer = {
  authorization: basic("resource-server", "resource-server-demo-secret"),
};

export function introspectionCases(issuer) {
  const demo = demoAt(issuer);
  const path = new URL(issuer).pathname.replace(/\/$/, "");

  async function send(name, body, headers = {}, method = "POST") {
    const answer = await exchange(demo.origin, {
      method,
      path: `${path}/${name}`,
      headers: { ...formType, ...headers },
      body,
    });
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(answer.headers.get("set-cookie"), null);
    return answer;
  }
  const introspect = (fields, headers = resourceServer) =>
    send("introspect", form(fields), headers);
  const revoke = (fields, client) =>
    send("revoke", form({ ...fields, ...clients[client].fields }), clients[client].headers);
  const refused = (answer, status, error) => {
    assert.deepEqual([answer.status, answer.json().error], [status, error], answer.text);
    assert.equal(answer.headers.get("www-authenticate") !== null, status === 401);
  };

  test("A resource server sees a token that is for it, and no other resource's", async () => {
    const mine = await demo.login("web-app", { resource });
    const answer = await introspect({ token: mine.access_token, token_type_hint: "access_token" });
    const { exp, iat, ...state } = answer.json();
    assert.deepEqual(
      [answer.status, state, exp - iat],
      [
        200,
        {
          active: true,
          scope: "openid profile",
          client_id: "web-app",
          sub: "user-1",
          token_type: "Bearer",
          aud: resource,
          iss: issuer,
        },
        3600,
      ],
    );
    const others = await demo.login("web-app", { resource: "http://localhost:3000/other" });
    for (const token of [others.access_token, mine.refresh_token, "unknown"])
      assert.equal((await introspect({ token })).text, inactive);
    const unbound = await demo.login("spa");
    const unboundState = (await introspect({ token: unbound.access_token })).json();
    assert.deepEqual([unboundState.active, unboundState.aud], [true, undefined]);
  });

  test("Who is not a resource server learns nothing at the introspection endpoint", async () => {
    const { access_token: token } = await demo.login("web-app", { resource });
    const { authorization } = clients["web-app"].headers;
    refused(await introspect({ token }, { authorization }), 400, "unauthorized_client");
    refused(await introspect({ token, client_id: "spa" }, {}), 401, "invalid_client");
    refused(await introspect({ token, client_id: "resource-server" }, {}), 401, "invalid_client");
    refused(await introspect({ token }, {}), 400, "invalid_request");
    for (const wrong of [
      basic("resource-server", "wrong"),
      "Basic",
      "Basic %%%",
      `Basic ${Buffer.from("resource-server").toString("base64")}`,
      `Bearer ${token}`,
      "garbage",
    ])
      refused(await introspect({ token }, { authorization: wrong }), 401, "invalid_client");
    const joined = `${resourceServer.authorization}, ${resourceServer.authorization}`;
    refused(await introspect({ token }, { authorization: joined }), 400, "invalid_request");
    const secret = { client_secret: "resource-server-demo-secret" };
    refused(await introspect({ token, ...secret }), 400, "invalid_request");
  });

  test("Malformed requests to both endpoints are refused, whatever they contain", async () => {
    const { access_token: token } = await demo.login("web-app");
    const { authorization } = clients["web-app"].headers;
    for (const [name, headers] of [
      ["introspect", resourceServer],
      ["revoke", { authorization }],
    ]) {
      for (const body of [
        "",
        "token=",
        `token=${token}&token=${token}`,
        "token=%ff",
        "token=%zz",
        Buffer.from([0x74, 0x3d, 0xff]),
      ])
        refused(await send(name, body, headers), 400, "invalid_request");
      for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"])
        refused(
          await send(name, form({ token }), { ...headers, "content-type": type }),
          400,
          "invalid_request",
        );
      const inUrl = `${name}?${form({ token })}`;
      refused(await send(inUrl, form({ token }), headers), 400, "invalid_request");
      refused(await send(name, `token=${"a".repeat(65_536)}`, headers), 413, "invalid_request");
      const evil = "<script>alert(1)</script>\r\nset-cookie: a=b";
      const answer = await send(name, form({ token: evil, token_type_hint: evil }), headers);
      assert.equal(answer.status, 200);
      assert.doesNotMatch(answer.text, /script|cookie/);
    }
    assert.equal((await introspect({ token })).json().active, true, "nothing was revoked");
  });

  test("Secrets and tokens that come over plain HTTP from another machine are refused", async () => {
    const { access_token: token } = await demo.login("web-app");
    const { authorization } = clients["web-app"].headers;
    for (const host of ["auth.example.com", "127.0.0.1.example.com", "localhost.example.com"]) {
      refused(await introspect({ token }, { ...resourceServer, host }), 400, "invalid_request");
      refused(
        await send("revoke", form({ token }), { authorization, host }),
        400,
        "invalid_request",
      );
      const headers = { authorization: `Bearer ${token}`, host };
      refused(
        await exchange(demo.origin, { path: `${path}/userinfo`, headers }),
        400,
        "invalid_request",
      );
    }
    assert.equal((await introspect({ token })).json().active, true, "nothing was revoked");
  });

  test("Other methods than POST are told so", async () => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await send("introspect", undefined, resourceServer, method);
      assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "POST"], method);
    }
    for (const method of ["GET", "HEAD", "PUT"]) {
      const answer = await send("revoke", undefined, {}, method);
      assert.deepEqual(
        [answer.status, answer.headers.get("allow")],
        [405, "POST, OPTIONS"],
        method,
      );
    }
  });

  for (const client of ["web-app", "spa", "post-client"]) {
    test(`${client} signs its user out: all tokens of the login end, and no others`, async () => {
      for (const name of ["access_token", "refresh_token"]) {
        const login = await demo.login(client);
        const other = await demo.login(client);
        const answer = await revoke({ token: login[name], token_type_hint: "unheard-of" }, client);
        assert.deepEqual([answer.status, answer.text], [200, ""]);
        assert.equal(answer.headers.get("content-type"), null);
        assert.equal((await introspect({ token: login.access_token })).text, inactive);
        assert.equal((await demo.refresh(client, login.refresh_token)).status, 400);
        assert.equal((await introspect({ token: other.access_token })).json().active, true);
        assert.equal((await revoke({ token: login[name] }, client)).status, 200, "again");
      }
      assert.equal((await revoke({ token: "unknown" }, client)).status, 200);
    });
  }

  test("A client can't revoke another client's tokens", async () => {
    const { access_token, refresh_token } = await demo.login("web-app");
    for (const token of [access_token, refresh_token])
      refused(await revoke({ token }, "spa"), 400, "invalid_grant");
    assert.equal((await introspect({ token: access_token })).json().active, true);
    assert.equal((await demo.refresh("web-app", refresh_token)).status, 200);
  });

  test("Pages of every origin may revoke, and read the answer; resource servers are no pages", async () => {
    const origin = "https://app.example";
    const preflight = await exchange(demo.origin, {
      method: "OPTIONS",
      path: `${path}/revoke`,
      headers: { origin, "access-control-request-method": "POST" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
    assert.equal(preflight.headers.get("access-control-allow-methods"), "POST");
    assert.match(preflight.headers.get("access-control-allow-headers"), /authorization/i);
    const answer = await send("revoke", form({ token: "x", client_id: "nobody" }), { origin });
    refused(answer, 401, "invalid_client");
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    assert.equal(answer.headers.get("access-control-expose-headers"), "WWW-Authenticate");
    const closed = await send("introspect", form({ token: "x" }), { ...resourceServer, origin });
    assert.equal(closed.headers.get("access-control-allow-origin"), null);
  });

  test("Discovery names both endpoints below the issuer", async () => {
    const metadata = (
      await exchange(demo.origin, { path: `${path}/.well-known/openid-configuration` })
    ).json();
    assert.equal(metadata.introspection_endpoint, `${issuer}/introspect`);
    assert.equal(metadata.revocation_endpoint, `${issuer}/revoke`);
    assert.ok(!metadata.introspection_endpoint_auth_methods_supported.includes("none"));
    assert.ok(metadata.revocation_endpoint_auth_methods_supported.includes("none"));
  });
}
