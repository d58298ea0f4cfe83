// What the worker does with the answers of a faulty Authlete server.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertRefused } from "./support/demo.mjs";

/**
 * `thief` is where redirects lead, `post` sends a token request, `answerOf` gives recorded answers,
 * `marker` must never reach the client.
 */
export function authleteFaultCases({ authlete, thief, post, answerOf, marker }) {
  async function assertWorks() {
    authlete.answers(answerOf("authToken.OK"));
    const answer = await post("grant_type=client_credentials");
    assert.deepEqual([answer.status, answer.text], [200, answerOf("authToken.OK").responseContent]);
  }

  describe("A faulty Authlete", () => {
    const refusal = (text) => `{"resultCode":"A001202","resultMessage":"[A001202] ${text}"}`;
    const content = (value) => ({ text: JSON.stringify({ action: "OK", responseContent: value }) });
    const redirect = (status) => ({
      status,
      headers: { location: `${thief.url}/api/715948317/auth/token` },
      text: marker,
    });
    const drip = (response) => {
      response.writeHead(200, { "content-type": "application/json" }).write("{");
      const timer = setInterval(() => response.write(" "), 50);
      response.once("close", () => clearInterval(timer));
    };
    const endless = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(65_536, " ");
      const pour = () => !response.destroyed && response.write(chunk, pour);
      pour();
    };

    const passing = {
      "a connection that is closed at once": (response) => response.destroy(),
      "no answer at all": () => {},
      "a body that never ends, byte by byte": drip,
      "a body that breaks off": (response) => {
        response
          .writeHead(200, { "content-type": "application/json", "content-length": "1000" })
          .write(`{"action":"OK","responseContent":"{\\"a\\":\\"${marker}`);
        setTimeout(() => response.destroy(), 20);
      },
      "status 408": { status: 408, text: refusal(marker) },
      "status 500": { status: 500, text: refusal(marker) },
      "status 502": {
        status: 502,
        headers: { "content-type": "text/html" },
        text: `<html>${marker}`,
      },
      "status 504": { status: 504, text: marker },
    };

    const faults = {
      "a body that never ends": endless,
      "a login page": { headers: { "content-type": "text/html" }, text: `<html>${marker}</html>` },
      "JSON that is called text": {
        headers: { "content-type": "text/plain" },
        text: JSON.stringify({ action: "OK", responseContent: "{}" }),
      },
      "truncated JSON": { text: `{"action":"OK","responseContent":"{}","x":"${marker}` },
      nothing: { text: "" },
      null: { text: "null" },
      "an array": { text: "[]" },
      "a string": { text: `"${marker}"` },
      "an empty object": { text: "{}" },
      NaN: { text: '{"action":"OK","responseContent":"{}","x":NaN}' },
      "garbage after the JSON": { text: '{"action":"OK","responseContent":"{}"}x' },
      "no content": { status: 204, text: undefined },
      "an unknown action": {
        text: `{"action":"SOMETHING_NEW","responseContent":"{\\"error\\":\\"${marker}\\"}"}`,
      },
      "an action in small letters": { text: '{"action":"ok","responseContent":"{}"}' },
      "an action that is a number": { text: '{"action":1,"responseContent":"{}"}' },
      "an action named __proto__": { text: '{"action":"__proto__","responseContent":"{}"}' },
      "an action named constructor": { text: '{"action":"constructor","responseContent":"{}"}' },
      "no content for the client": content(undefined),
      "content that is null": content(null),
      "content that is a number": content(1),
      "content that is an object": content({ access_token: marker }),
      "content that is not JSON": content(marker),
      "content that is an array": content("[]"),
      "content that is empty": content(""),
      "content nested 10 000 deep": content(
        `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`.replace("]", ""),
      ),
      "a nonce that breaks out of its header": {
        text: JSON.stringify({
          // Tokens would be passed on without it.
          action: "BAD_REQUEST",
          responseContent: `{"a":"${marker}"}`,
          dpopNonce: "a\r\nx-upstream: 1",
        }),
      },
      "status 400": { status: 400, text: refusal(marker) },
      "status 401": {
        status: 401,
        headers: { "www-authenticate": `Bearer realm="${marker}"` },
        text: refusal(marker),
      },
      "status 403": { status: 403, text: refusal(marker) },
      "status 404": { status: 404, text: marker },
    };
    for (const status of [301, 302, 303, 307, 308])
      faults[`a redirect with ${status}`] = redirect(status);

    for (const [all, status, error] of [
      [passing, 503, "temporarily_unavailable"],
      [faults, 500, "server_error"],
    ]) {
      for (const [fault, answer] of Object.entries(all)) {
        test(`that gives ${fault} is ${error} for the client, once, and the next request works`, async () => {
          authlete.answers(answer);
          assertRefused(await post("grant_type=authorization_code&code=x"), status, error);
          assert.equal(authlete.calls.length, 1, "nothing is retried");
          assert.deepEqual(thief.calls, [], "no redirect is followed");
          await assertWorks();
        });
      }
    }

    for (const [status, retryAfter] of [
      [429, "7"],
      [503, "30"],
      [429, undefined],
      [503, undefined],
    ]) {
      test(`that answers ${status} ${retryAfter ? "with" : "without"} Retry-After is unavailable for the client`, async () => {
        authlete.answers({
          status,
          headers: retryAfter && { "retry-after": retryAfter },
          text: refusal(marker),
        });
        const answer = await post("grant_type=x");
        assertRefused(answer, 503, "temporarily_unavailable");
        assert.equal(answer.headers.get("retry-after"), retryAfter ?? null);
        assert.equal(authlete.calls.length, 1);
        await assertWorks();
      });
    }

    test("that cannot be reached is unavailable for the client, and when it is back everything works", async () => {
      await authlete.down();
      assertRefused(await post("grant_type=x"), 503, "temporarily_unavailable");
      await authlete.up();
      await assertWorks();
    });

    test("costs a waiting client no longer than the time that is set", async () => {
      authlete.answers(() => {});
      const started = performance.now();
      await post("grant_type=x");
      const waited = performance.now() - started;
      assert.ok(waited > 600 && waited < 3000, `${waited} ms`);
    });

    test("does not keep other requests from their answers", async () => {
      let held;
      const wait = new Promise((resolve) => (held = resolve));
      authlete.answers(
        held,
        ...Array.from({ length: 20 }, (_, index) => ({
          action: "OK",
          responseContent: `{"number":${index}}`,
        })),
      );
      const slow = post("grant_type=x");
      await wait;
      const answers = await Promise.all(Array.from({ length: 20 }, () => post("grant_type=x")));
      assert.equal(new Set(answers.map(({ text }) => text)).size, 20);
      assertRefused(await slow, 503, "temporarily_unavailable");
    });

    test("leaves no cookie and no header of its own with the client", async () => {
      authlete.answers({
        headers: {
          "set-cookie": "a=b",
          "x-upstream": "1",
          "access-control-allow-origin": "https://evil.example",
        },
        text: JSON.stringify(answerOf("authToken.OK")),
      });
      assert.equal((await post("grant_type=x")).status, 200);
    });
  });
}
