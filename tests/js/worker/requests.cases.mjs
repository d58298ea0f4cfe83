// The form of HTTP requests: anything that is not a token request is refused, and the next valid
// request works.
import assert from "node:assert/strict";
import { connect } from "node:net";
import test from "node:test";
import { assertRefused, assertTokenAnswer, clients, demoAt } from "./support/demo.mjs";
import { basic, exchange } from "./support/http.mjs";

const type = "application/x-www-form-urlencoded";
const service = { "content-type": type, ...clients.service.headers };
const grant = "grant_type=client_credentials";

export function requestCases(origin) {
  const demo = demoAt(origin);
  const assertStillWorks = async () => assert.equal((await demo.post(grant, service)).status, 200);

  test("Only POST gets tokens, and no other method uses up a code", async () => {
    const fields = await demo.code("web-app");
    const query = new URLSearchParams(fields);
    const headers = clients["web-app"].headers;
    for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"]) {
      const answer = await exchange(origin, {
        method,
        path: `/token?${query}`,
        headers: { ...headers, "x-http-method-override": "POST" },
      });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers.get("allow"), "POST, OPTIONS");
      assertTokenAnswer(answer);
      if (method !== "HEAD") assertRefused(answer, 405, "invalid_request");
    }
    assert.equal((await demo.token("web-app", fields)).status, 200);
  });

  test("Only a form in UTF-8 is read", async () => {
    for (const contentType of [
      undefined,
      "",
      "application/json",
      "text/plain",
      "multipart/form-data; boundary=x",
      `application/json, ${type}`,
      `${type}, application/json`,
      `${type}x`,
      `${type}; charset=utf-16le`,
      `${type}; charset=iso-8859-1`,
    ]) {
      const headers = { ...service, "content-type": contentType };
      if (contentType === undefined) delete headers["content-type"];
      assertRefused(await demo.post(grant, headers), 400, "invalid_request");
    }
    for (const contentType of [
      `${type.toUpperCase()};Charset="UTF-8"`,
      `${type}; charset=utf-8`,
      `${type} ; charset=UTF-8`,
    ]) {
      assert.equal(
        (await demo.post(grant, { ...service, "content-type": contentType })).status,
        200,
        contentType,
      );
    }
  });

  test("A body with nothing in it, or with nothing but separators, is refused quickly", async () => {
    for (const body of [
      "",
      "&",
      "=",
      "grant_type",
      "grant_type=",
      "&".repeat(61_440),
      "=".repeat(61_440),
    ]) {
      assertRefused(await demo.post(body, service), 400, "invalid_request");
    }
    assertRefused(await demo.post(";".repeat(61_440), service), 400, "invalid_request");
    assertRefused(
      await demo.post("grant_type=client_credentials;scope=read", service),
      400,
      "unsupported_grant_type",
    );
  });

  test("A body above the limit is refused, with or without a length, and the next request works", async () => {
    const filler = `&x=${"a".repeat(65_536 - grant.length - 3)}`;
    assert.equal((await demo.post(grant + filler, service)).status, 200, "at the cap");
    assertRefused(await demo.post(`${grant}${filler}a`, service), 413, "invalid_request");
    assertRefused(await demo.post("a".repeat(10 * 1024 * 1024), service), 413, "invalid_request");
    for (const size of [70_000, 200_000, 10_000_000]) {
      const chunked = async function* () {
        for (let sent = 0; sent < size; sent += 10_000) yield Buffer.alloc(10_000, "a");
      };
      // An answer in the middle of the upload may end the connection; wrangler's own proxy then
      // answers instead of the worker.
      const answer = await exchange(origin, {
        method: "POST",
        path: "/token",
        headers: service,
        body: chunked(),
      }).catch((error) => error);
      if (answer instanceof Error) assert.match(answer.code, /^(ECONNRESET|EPIPE)$/);
      else if (answer.status === 500) assert.match(answer.text, /^Error: Network connection lost/);
      else assertRefused(answer, 413, "invalid_request");
    }
    await assertStillWorks();
  });

  test("A client that hangs up in the middle of its body disturbs nobody", async () => {
    const { authorization } = clients.service.headers;
    const head = `POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nAuthorization: ${authorization}\r\nContent-Length: 1000\r\n\r\n`;
    for (let round = 0; round < 10; round += 1) {
      await new Promise((resolve) => {
        const socket = connect(Number(new URL(origin).port), "localhost", () =>
          socket.write(head + grant, () => setTimeout(() => socket.destroy(), 20)),
        );
        socket.once("close", resolve);
      });
    }
    await assertStillWorks();
  });

  test("No parameter may be repeated, not even with the same value or without one", async () => {
    for (const twice of [
      `${grant}&${grant}`,
      `${grant}&grant_type=password`,
      `${grant}&grant_type=`,
      `${grant}&scope=read&scope=read`,
      `${grant}&scope=read&scope=`,
      `${grant}&client_id=service&client_id=service`,
      "grant_type=authorization_code&code=a&code=a",
      "grant_type=authorization_code&code=a&code_verifier=b&code_verifier=c",
      "grant_type=authorization_code&code=a&redirect_uri=b&redirect_uri=b",
      "grant_type=refresh_token&refresh_token=a&refresh_token=b",
      "grant_type=password&username=a&username=b&password=c",
      `${grant}&%67rant_type=client_credentials`,
      `${grant}&unknown=1&unknown=2`,
    ]) {
      assertRefused(await demo.post(twice, service), 400, "invalid_request");
    }
    await assertStillWorks();
  });

  test("Broken percent-encoding and broken UTF-8 are refused and never reach Authlete's API changed", async () => {
    for (const broken of [
      "%ff",
      "%c0%80",
      "%c0%ae",
      "%ed%a0%80",
      "%f4%90%80%80",
      "%",
      "%a",
      "%zz",
      "%g1",
      "%u0041",
    ]) {
      assertRefused(
        await demo.post(`grant_type=authorization_code&code=${broken}`, service),
        400,
        "invalid_request",
      );
      const answer = await demo.post(`${grant}&client_id=${broken}&client_secret=x`, {
        "content-type": type,
      });
      assert.ok([400, 401].includes(answer.status), broken);
    }
    const bytes = Buffer.concat([
      Buffer.from("grant_type=authorization_code&code="),
      Buffer.from([0xff, 0xfe]),
    ]);
    assertRefused(await demo.post(bytes, service), 400, "invalid_request");
    await assertStillWorks();
  });

  test("Control characters, emoji and other scripts are data, and never come back in a header", async () => {
    for (const strange of [
      "%00",
      "%0d%0aX-Injected:%201",
      "%E2%80%A8",
      "%F0%9F%98%80",
      "%E2%80%AE",
      "..%2F..%2Fetc%2Fpasswd",
      "%27%20OR%201%3D1--",
    ]) {
      for (const body of [
        `grant_type=authorization_code&code=${strange}`,
        `grant_type=refresh_token&refresh_token=${strange}`,
        `${grant}&scope=${strange}`,
        `grant_type=${strange}`,
      ]) {
        const answer = await demo.post(body, service);
        assert.equal(answer.status, 400, body);
        assert.equal(answer.headers.get("x-injected"), null);
      }
      const answer = await demo.post(`${grant}&client_id=${strange}&client_secret=x`, {
        "content-type": type,
      });
      assertRefused(answer, 401, "invalid_client");
    }
  });

  test("No parameter is read from the URL, and a secret there is refused", async () => {
    const fields = await demo.code("web-app");
    const code = new URLSearchParams({ ...fields, client_id: "web-app" });
    for (const [query, body] of [
      ["client_id=post-client&client_secret=post-client-demo-secret", grant],
      [code.toString(), ""],
      ["password=alice-demo-password", grant],
      ["refresh_token=x", grant],
    ]) {
      assertRefused(
        await demo.post(body, { "content-type": type }, { path: `/token?${query}` }),
        400,
        "invalid_request",
      );
    }
    const answer = await demo.post("grant_type=refresh_token", service, {
      path: `/token?${grant}`,
    });
    assert.ok([400].includes(answer.status), answer.text);
    assert.equal((await demo.post(grant, service, { path: "/token?utm_source=x" })).status, 200);
    assert.equal((await demo.token("web-app", fields)).status, 200);
  });

  test("Two Authorization headers are refused, whichever is the right one", async () => {
    const [good, bad] = [basic("service", "service-demo-secret"), basic("service", "wrong")];
    for (const authorization of [[good, bad], [bad, good], [good, good], [`${good}, ${bad}`]]) {
      const answer = await demo.post(grant, { "content-type": type, authorization });
      assert.ok([400, 401].includes(answer.status), answer.text);
    }
  });

  test("Enormous headers are refused", async () => {
    const long = "a".repeat(60_000);
    for (const headers of [
      { authorization: `Basic ${long}` },
      { ...clients.service.headers, dpop: long },
    ]) {
      const answer = await exchange(origin, {
        method: "POST",
        path: "/token",
        headers: { "content-type": type, ...headers },
        body: grant,
      }).catch(({ code }) => ({ status: code }));
      assert.ok(
        [400, 401, 431, "ECONNRESET", "EPIPE"].includes(answer.status),
        String(answer.status),
      );
    }
    await assertStillWorks();
  });

  test("A preflight is answered for any origin, with the headers that OAuth clients send, and without credentials", async () => {
    for (const [from, wanted] of [
      ["https://app.example", "authorization,content-type"],
      ["null", "dpop"],
    ]) {
      const answer = await exchange(origin, {
        method: "OPTIONS",
        path: "/token",
        headers: {
          origin: from,
          "access-control-request-method": "POST",
          "access-control-request-headers": wanted,
        },
      });
      assert.deepEqual([answer.status, answer.text], [204, ""]);
      assert.equal(answer.headers.get("access-control-allow-origin"), "*");
      assert.equal(answer.headers.get("access-control-allow-credentials"), null);
      assert.match(answer.headers.get("access-control-allow-methods"), /POST/);
      const allowed = answer.headers
        .get("access-control-allow-headers")
        .toLowerCase()
        .split(/\s*,\s*/);
      for (const name of [
        "authorization",
        "content-type",
        "dpop",
        "oauth-client-attestation",
        "oauth-client-attestation-pop",
      ]) {
        assert.ok(allowed.includes(name), name);
      }
    }
    assert.equal((await exchange(origin, { method: "OPTIONS", path: "/token" })).status, 204);
  });

  test("A web page of another origin may read refusals, too", async () => {
    for (const from of ["https://app.example", "null", "https://evil.example"]) {
      const answer = await demo.post(grant, {
        "content-type": type,
        origin: from,
        authorization: basic("service", "wrong"),
      });
      assertRefused(answer, 401, "invalid_client");
      const exposed = answer.headers.get("access-control-expose-headers").toLowerCase();
      for (const name of ["dpop-nonce", "www-authenticate", "retry-after"])
        assert.ok(exposed.includes(name), name);
    }
  });
}
