// `npm start` and `npm run engine` as commands: what they refuse, with which message, and how they
// end.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { playAuthlete } from "./support/authlete.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { demoAt } from "./support/demo.mjs";
import { basic, exchange, freePort } from "./support/http.mjs";
import { script, temporaryFile } from "./support/script.mjs";

const secret = "a-secret-that-stays-in-its-file";

for (const name of ["start", "engine"]) {
  describe(`xtask/${name}.mjs`, () => {
    /** Fails unless the script ends with 1 and one sentence on standard error. */
    async function assertRefuses(args, variables, sentence) {
      const { ended, output } = script(name, args, variables);
      assert.equal(await ended, 1);
      assert.match(output.stderr, /^[^\n]+\n$/, "one line");
      assert.match(output.stderr, sentence);
      assert.equal(output.stdout, "");
      assert.ok(!output.stderr.includes(secret));
    }

    test("refuses a port that is taken, on either loopback address, and an invalid one", async () => {
      for (const host of ["127.0.0.1", "::1"]) {
        const holder = createServer();
        const listening = new Promise((resolve, reject) =>
          holder.once("error", reject).listen(0, host, resolve),
        );
        if (
          await listening.then(
            () => false,
            ({ code }) => code === "EADDRNOTAVAIL",
          )
        )
          continue;
        const { port } = holder.address();
        await assertRefuses([], { PORT: String(port) }, new RegExp(`^Port ${port} is taken`));
        await new Promise((resolve) => holder.close(resolve));
      }
      for (const PORT of ["0", "65536", "-1", "x", "80.5"])
        await assertRefuses([], { PORT }, /^PORT must be a number/);
    });

    test("refuses arguments that it does not know, and a file that is missing or is not a JSON object", async () => {
      const PORT = String(await freePort());
      await assertRefuses(["--confg", "x"], { PORT }, /--config FILE/);
      await assertRefuses(["x"], { PORT }, /--config FILE/);
      await assertRefuses(
        ["--config", "/nowhere/config.json"],
        { PORT },
        /\/nowhere\/config\.json cannot be read \(ENOENT\)/,
      );
      for (const [content, place] of [
        ["", "line 1, column 1"],
        [`{"bearer":"${secret}"`, `line 1, column ${secret.length + 13}`],
        [`{\r\n  "bearer": "${secret}",\r\n}`, "line 3, column 1"],
        [`{\n  "bearer": ${secret}\n}`, "line 2, column 13"],
        [`{\n  "bearer": "${secret}" // mine\n}`, `line 2, column ${secret.length + 16}`],
      ]) {
        await assertRefuses(
          ["--config", temporaryFile(content)],
          { PORT },
          new RegExp(` is not JSON: ${place}\\.$`, "m"),
        );
      }
      for (const content of ["[]", "null", `"${secret}"`])
        await assertRefuses(["--config", temporaryFile(content)], { PORT }, /is not a JSON object/);
    });

    test("reads a file that begins with a byte order mark, as some editors write it", async () => {
      const PORT = String(await freePort());
      await assertRefuses(
        ["--config", temporaryFile('\uFEFF{ "service": 1 }')],
        { PORT },
        /is refused: service/,
      );
    });

    test("refuses a configuration that the engine refuses, and names the place without quoting it", async () => {
      const PORT = String(await freePort());
      for (const [change, place] of [
        [(config) => delete config.service.issuer, /service\.issuer/],
        [(config) => delete config.service, /service/],
        [(config) => (config.service.bearer = 1), /service\.bearer/],
        [(config) => (config.clients[0].client_secret = { secret }), /clients\[0\]\.client_secret/],
        [
          (config) => (config.clients[1].require_auth_time = true),
          /clients\[1\]\.require_auth_time/,
        ],
        [(config) => (config.clients[2].grant_types = [secret]), /clients\[2\]\.grant_types/],
        [(config) => (config.clients[3].client_id = config.clients[0].client_id), /clients\[3\]/],
        [(config) => (config.clients[1].client_secret = secret), /clients\[1\]/],
        [(config) => (config.jwks = { keys: [{ kty: "EC", d: secret }] }), /jwks/],
      ]) {
        const config = demoConfig(`http://localhost:${PORT}`);
        change(config);
        await assertRefuses(["--config", temporaryFile(config)], { PORT }, place);
      }
    });
  });
}

describe("npm start", () => {
  test("refuses users whom it could not log in, and half of the settings for an Authlete server", async () => {
    const PORT = String(await freePort());
    const refused = async (args, variables, sentence) => {
      const { ended, output } = script("start", args, { PORT, ...variables });
      assert.equal(await ended, 1);
      assert.match(output.stderr, /^[^\n]+\n$/);
      assert.match(output.stderr, sentence);
      assert.ok(!output.stderr.includes(secret));
    };
    for (const [users, place] of [
      [{}, /users: expected an array/],
      [[{ sub: "1", username: "a" }], /users\[0\]\.password/],
      [[null], /users\[0\]\.sub/],
    ]) {
      await refused(
        ["--config", temporaryFile({ ...demoConfig(`http://localhost:${PORT}`), users })],
        {},
        place,
      );
    }
    for (const variables of [
      { AUTHLETE_SERVICE_ID: "1" },
      { AUTHLETE_BEARER: secret },
      { AUTHLETE_SERVER_URL: "https://us.authlete.com" },
    ]) {
      await refused([], variables, /AUTHLETE_SERVICE_ID and AUTHLETE_BEARER/);
    }
    await refused(
      [],
      { AUTHLETE_SERVICE_ID: "1", AUTHLETE_BEARER: secret, AUTHLETE_TIMEOUT_MS: "soon" },
      /^AUTHLETE_TIMEOUT_MS/,
    );
  });

  test("warns about variables that it does not know, and suggests the right one", async () => {
    const PORT = String(await freePort());
    const warnings = async (variables) => {
      // With an incomplete set of variables it ends at once.
      const { ended, output } = script("start", [], {
        PORT,
        AUTHLETE_SERVER_URL: "https://us.authlete.com",
        ...variables,
      });
      assert.equal(await ended, 1);
      assert.ok(!output.stderr.includes(secret));
      return output.stderr.split("\n").filter((line) => line.startsWith("Warning: "));
    };
    for (const [name, meant] of [
      ["AUTHLETE_SERVICEID", "AUTHLETE_SERVICE_ID"],
      ["AUTHLETE_BEARRER", "AUTHLETE_BEARER"],
      ["authlete_bearer", "AUTHLETE_BEARER"],
      ["AUTHLETE_SERVICE_ACCESS_TOKEN", "AUTHLETE_BEARER"],
      ["AUTHLETE_BASE_URL", "AUTHLETE_SERVER_URL"],
      ["AUTHLETE_TIMEOUT", "AUTHLETE_TIMEOUT_MS"],
    ]) {
      assert.deepEqual(await warnings({ [name]: secret }), [
        `Warning: the variable ${name} is unknown and has no effect: did you mean ${meant}?`,
      ]);
    }
    const [far] = await warnings({ AUTHLETE_LOG_EVERYTHING: secret });
    assert.match(
      far,
      /AUTHLETE_LOG_EVERYTHING is unknown.*: there are AUTHLETE_SERVER_URL, AUTHLETE_SERVICE_ID, AUTHLETE_BEARER, AUTHLETE_TIMEOUT_MS\.$/,
    );
    assert.deepEqual(await warnings({ AUTHLETE_TIMEOUT_MS: "1000", AUTHLETES: secret }), []);
  });

  test("warns about an issuer at another address, and can be ended at that moment", {
    timeout: 60_000,
  }, async () => {
    const port = await freePort();
    const elsewhere = script(
      "start",
      ["--config", temporaryFile(demoConfig("https://as.example.com"))],
      { PORT: String(port) },
    );
    const [warning] = await elsewhere.says("stderr", /Warning: .*\n/);
    await elsewhere.end();
    assert.equal(elsewhere.output.stdout, "");
    assert.match(warning, new RegExp(`https://as\\.example\\.com.* http://localhost:${port}\\b`));
  });

  test("serves an issuer with a path below it, and says so when it is ready", {
    timeout: 120_000,
  }, async (t) => {
    const port = await freePort();
    const issuer = `http://localhost:${port}/tenant`;
    const server = script("start", ["--config", temporaryFile(demoConfig(issuer))], {
      PORT: String(port),
    });
    t.after(() => server.end("SIGKILL"));
    await server.says("stdout", /Token endpoint ready: .*\n/);
    assert.equal(server.output.stdout, `Open ${issuer}/\nToken endpoint ready: ${issuer}/token\n`);
    assert.equal((await exchange(issuer, { path: "/tenant/" })).status, 200);
    assert.ok(!server.output.stderr.includes("Warning"));
    const demo = demoAt(issuer);
    const { access_token } = await demo.login("web-app");
    assert.equal((await demo.userinfo(access_token)).json().sub, "user-1");
    for (const path of [
      "/.well-known/oauth-authorization-server/tenant",
      "/tenant/.well-known/openid-configuration",
    ]) {
      assert.equal((await exchange(issuer, { path })).json().token_endpoint, `${issuer}/token`);
    }
    // Nothing else is served, such as a page of wrangler's that writes the engine's state.
    for (const path of ["/token", "/cdn-cgi/explorer", "/cdn-cgi/explorer/api/local/workers"])
      assert.equal((await exchange(issuer, { path })).status, 404, path);
  });

  test("accepts http: URLs of other hosts if it is told to, as a container or a forwarded port makes them", {
    timeout: 120_000,
  }, async (t) => {
    const port = await freePort();
    const server = script("start", [], { PORT: String(port), ALLOW_INSECURE_REQUESTS: "1" });
    t.after(() => server.end("SIGKILL"));
    await server.says("stdout", /Token endpoint ready: .*\n/);
    const answer = await exchange(`http://localhost:${port}`, {
      method: "POST",
      path: "/token",
      headers: {
        host: "0.0.0.0:8787",
        "content-type": "application/x-www-form-urlencoded",
        authorization: basic("service", "service-demo-secret"),
      },
      body: "grant_type=client_credentials",
    });
    assert.equal(answer.status, 200, answer.text);
  });

  describe("with an Authlete server", () => {
    let authlete;
    const servers = [];
    after(async () => {
      await Promise.all(servers.map((server) => server.end("SIGKILL")));
      await authlete?.down();
    });

    async function start() {
      authlete ??= await playAuthlete();
      const port = await freePort();
      const server = script("start", [], {
        PORT: String(port),
        AUTHLETE_SERVER_URL: authlete.url,
        AUTHLETE_SERVICE_ID: "715948317",
        AUTHLETE_BEARER: secret,
      });
      servers.push(server);
      await server.says("stdout", /Token endpoint ready: .*\n/);
      assert.equal(
        server.output.stdout,
        `Open http://localhost:${port}/\nToken endpoint ready: http://localhost:${port}/token\n`,
      );
      return { server, origin: `http://localhost:${port}` };
    }

    /** Resolves when the worker no longer answers. */
    async function silence(origin) {
      for (const end = Date.now() + 10_000; Date.now() < end; await sleep(50)) {
        const code = await exchange(origin).then(
          () => undefined,
          (error) => error.code ?? error.errors?.[0]?.code,
        );
        if (code === "ECONNREFUSED") return;
      }
      assert.fail(`${origin} still answers`);
    }

    test("says where to open it and when it is ready, uses the server, and ends with SIGTERM and everything that it started", async () => {
      const { server, origin } = await start();
      authlete.answers({ action: "OK", responseContent: '{"access_token":"x"}' });
      const body = "grant_type=client_credentials";
      const answer = await exchange(origin, {
        method: "POST",
        path: "/token",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body,
      });
      assert.deepEqual([answer.status, answer.text], [200, '{"access_token":"x"}']);
      const [{ url, headers }] = authlete.calls;
      assert.deepEqual(
        [url, headers.authorization],
        ["/api/715948317/auth/token", `Bearer ${secret}`],
      );
      assert.equal(await server.end("SIGTERM"), 0);
      await silence(origin);
      assert.ok(!(server.output.stdout + server.output.stderr).includes(secret));
    });

    test("leaves no workerd behind when it is killed", async () => {
      const { server, origin } = await start();
      assert.equal(await server.end("SIGKILL"), "SIGKILL");
      await silence(origin);
    });
  });
});
