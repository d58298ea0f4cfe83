// Client authentication at the token endpoint of the running worker.
import assert from "node:assert/strict";
import test from "node:test";
import { assertRefused, clients, demoAt } from "./support/demo.mjs";
import { basic, form } from "./support/http.mjs";

const type = { "content-type": "application/x-www-form-urlencoded" };
const grant = { grant_type: "client_credentials" };
const jwt = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export function clientAuthenticationCases(origin) {
  const demo = demoAt(origin);
  const ask = (fields, headers = {}) =>
    demo.post(form({ ...grant, ...fields }), { ...type, ...headers });
  const { authorization } = clients.service.headers;

  test("An unknown client and a wrong secret get the same 401, byte for byte", async () => {
    const refusals = [];
    for (const [id, secret] of [
      ["service", "wrong"],
      ["service", "service-demo-secret "],
      ["service", "service-demo-secret\n"],
      ["service", "service-demo-secre"],
      ["service", "SERVICE-DEMO-SECRET"],
      ["nobody", "wrong"],
      ["nobody", "service-demo-secret"],
      ["web-app", "service-demo-secret"],
      ["SERVICE", "service-demo-secret"],
      ["ｓervice", "service-demo-secret"],
      ["__proto__", "x"],
    ]) {
      if (/^[\x20-\x7e]*$/.test(id + secret))
        refusals.push([id, await ask({}, { authorization: basic(id, secret) })]);
      refusals.push([id, await ask({ client_id: id, client_secret: secret })]);
    }
    for (const [id, refusal] of refusals) {
      assertRefused(refusal, 401, "invalid_client");
      // The right secret with another method gets an error about the method; see below.
      if (refusal.text.includes("A157357")) assert.fail(`${id} learns that its secret is right`);
      assert.equal(refusal.text, refusals[0][1].text, id);
    }
  });

  test("Each client authenticates by its own method only", async () => {
    for (const [fields, headers] of [
      [{ client_id: "service", client_secret: "service-demo-secret" }, {}],
      [{}, { authorization: basic("post-client", "post-client-demo-secret") }],
      [{ client_id: "service" }, {}],
      [{ client_id: "post-client" }, {}],
      [{ client_id: "service", client_secret: "" }, {}],
      [{ client_id: "spa", client_secret: "x" }, {}],
      [{}, { authorization: basic("spa", "x") }],
      [{ client_id: "nobody" }, {}],
      [{ client_secret: "service-demo-secret" }, {}],
    ]) {
      assertRefused(await ask(fields, headers), 401, "invalid_client");
    }
    const login = await demo.code("web-app");
    assertRefused(
      await demo.post(form({ ...login, client_id: "web-app" }), type),
      401,
      "invalid_client",
    );
    assert.equal((await demo.token("web-app", login)).status, 200);
  });

  test("A request without any client is malformed", async () => {
    assertRefused(await ask({}), 400, "invalid_request");
    assertRefused(await ask({ client_id: "" }), 400, "invalid_request");
  });

  test("Basic credentials in any spelling that RFC 7617 allows are accepted", async () => {
    const [, value] = authorization.split(" ");
    for (const spelling of [
      `bAsIc ${value}`,
      `BASIC ${value}`,
      `Basic   ${value}`,
      `Basic ${value.replace(/=+$/, "")}`,
    ]) {
      assert.equal((await ask({}, { authorization: spelling })).status, 200, spelling);
    }
    const encoded = Buffer.from("%73ervice:service%2Ddemo-secret").toString("base64");
    assert.equal(
      (await ask({}, { authorization: `Basic ${encoded}` })).status,
      200,
      "form-encoded",
    );
  });

  test("Basic credentials that are not form-encoded are used unchanged, and count as a second method if the body has credentials, too", async () => {
    for (const wrong of ["%zz:x", "service:%", "service:a/b="]) {
      const authorization = `Basic ${Buffer.from(wrong).toString("base64")}`;
      assertRefused(await ask({}, { authorization }), 401, "invalid_client");
      assertRefused(
        await ask(
          { client_id: "post-client", client_secret: "post-client-demo-secret" },
          { authorization },
        ),
        400,
        "invalid_request",
      );
    }
  });

  test("Malformed Basic credentials are a 401, and good ones in the body don't make up for them", async () => {
    const base64 = (bytes) => `Basic ${Buffer.from(bytes).toString("base64")}`;
    const right = { client_id: "post-client", client_secret: "post-client-demo-secret" };
    for (const broken of [
      "Basic",
      "Basic ",
      "Basic %%%",
      "Basic a",
      base64("service"),
      base64(":service-demo-secret"),
      base64([0xff, 0xfe, 0x3a, 0x61]),
      base64("serv\u0000ice:x"),
      base64("service:a\nb"),
      "Bearer service",
      "DPoP x",
      'Digest username="service"',
      "garbage",
    ]) {
      assertRefused(await ask({}, { authorization: broken }), 401, "invalid_client");
      assertRefused(await ask(right, { authorization: broken }), 401, "invalid_client");
    }
    assert.equal((await ask(right)).status, 200);
  });

  test("Two methods at once, or two clients, are refused", async () => {
    for (const fields of [
      { client_secret: "service-demo-secret" },
      { client_id: "service", client_secret: "service-demo-secret" },
      { client_assertion: "e30.e30.e30", client_assertion_type: jwt },
      { client_id: "post-client" },
      { client_id: "SERVICE" },
    ]) {
      assertRefused(await ask(fields, { authorization }), 400, "invalid_request");
    }
    const both = {
      client_id: "post-client",
      client_secret: "post-client-demo-secret",
      client_assertion: "e30.e30.e30",
      client_assertion_type: jwt,
    };
    assertRefused(await ask(both), 400, "invalid_request");
    assert.equal(
      (await ask({ client_id: "service" }, { authorization })).status,
      200,
      "the same client twice is one client",
    );
  });

  test("Assertions and attestations are refused, and never fall back to a public client", async () => {
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const claims = Buffer.from(
      JSON.stringify({ iss: "spa", sub: "spa", aud: origin, exp: 4_102_444_800, jti: "1" }),
    ).toString("base64url");
    for (const client_assertion of [
      `${none}.${claims}.`,
      "a.b",
      "a.b.c.d.e",
      "..",
      "x",
      `${none}.${claims}.x`,
      "null",
      "a".repeat(30_000),
    ]) {
      assertRefused(
        await ask({ client_id: "spa", client_assertion, client_assertion_type: jwt }),
        401,
        "invalid_client",
      );
      assertRefused(
        await ask({ client_id: "service", client_assertion, client_assertion_type: jwt }),
        401,
        "invalid_client",
      );
    }
    assertRefused(await ask({ client_id: "spa", client_assertion: "x" }), 400, "invalid_request");
    assertRefused(
      await ask({ client_id: "spa", client_assertion_type: jwt }),
      400,
      "invalid_request",
    );

    const code = form({ ...(await demo.code("spa")), client_id: "spa" });
    for (const attestation of [
      { "oauth-client-attestation": "a.b.c" },
      { "oauth-client-attestation-pop": "a.b.c" },
      { "oauth-client-attestation": "a.b.c", "oauth-client-attestation-pop": "a.b.c" },
    ]) {
      const answer = await demo.post(code, { ...type, ...attestation });
      assert.ok([400, 401].includes(answer.status), answer.text);
    }
    assert.equal((await demo.post(code, type)).status, 200, "the code is still there");
  });

  test("Certificate headers that anybody can forge are ignored", async () => {
    for (const name of ["x-ssl-cert", "x-client-cert", "cf-client-cert-der-base64"]) {
      assertRefused(
        await ask({ client_id: "service" }, { [name]: ":AAAA:" }),
        401,
        "invalid_client",
      );
      assert.equal((await ask({}, { authorization, [name]: ":AAAA:" })).status, 200);
    }
  });

  test("Guessing leaves nothing behind: 50 wrong secrets at once, and the right one works", async () => {
    const guesses = Array.from({ length: 50 }, (_, index) =>
      ask({}, { authorization: basic("service", `guess-${index}`) }),
    );
    for (const guess of await Promise.all(guesses)) assertRefused(guess, 401, "invalid_client");
    assert.equal((await ask({}, { authorization })).status, 200);
  });
}
