// What a client, its hooks and its operator see of a token request is the same whichever way the
// request takes to the engine: over HTTP, by `engine.exchange`, or inside the engine's instance.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { assertionOf, keyPair } from "./assertions.mjs";
import { config, redirectUri, verified } from "./engine-kit.mjs";
import { basic, machine, now, redeem, refresh, statuses, wayKit } from "./ways.mjs";

const web = basic("web-ES256:web-secret");
const password = {
  grant_type: "password",
  username: "alice",
  password: "pässwörd & more",
  scope: "openid read",
};
const thrower = () => {
  throw new RangeError("the hook failed");
};

export function behaviours({ pkg, enginePkg }) {
  const { same } = wayKit({ pkg, enginePkg }, { traced: true });
  const errors = (seen) => seen.flatMap(({ body }) => (body ? (JSON.parse(body).error ?? []) : []));

  return {
    "client credentials": async () => {
      const seen = await same("client credentials", async ({ ask }) => {
        await ask(machine);
        await ask({ ...machine, scope: "read" });
        await ask({ ...machine, scope: "" });
        await ask(
          { ...machine, client_id: "web-RS256", client_secret: "web-secret" },
          { headers: {} },
        );
      });
      equal(statuses(seen), "200,200,200,401", "statuses");
    },

    "a code becomes tokens and an ID token, once": async () => {
      const seen = await same("code", async ({ ask, engine, code }) => {
        for (const alg of ["ES256", "RS256"]) {
          const headers = basic(`web-${alg}:web-secret`);
          const value = await code({ client_id: `web-${alg}` });
          const { id_token } = await ask(redeem(value), { headers });
          equal((await verified(id_token, await engine.jwks())).nonce, "n-1", "nonce");
          await ask(redeem(value), { headers });
        }
        await ask(redeem(await code(), { code_verifier: "x".repeat(43) }));
        await ask(redeem(await code(), { redirect_uri: "https://other.example/" }));
        await ask(redeem("unknown"));
      });
      equal(statuses(seen), "200,400,200,400,400,400,400", "statuses");
    },

    "a refresh, and an ID token that is reissued with what a hook or an option adds": async () => {
      const seen = await same("refresh", async ({ ask, engine, code }) => {
        let last = (await ask(redeem(await code()))).refresh_token;
        const next = async (options) => {
          const answer = await ask(refresh(last), options);
          last = answer.refresh_token ?? last;
          return answer;
        };
        const claims = JSON.stringify({
          email: "ü@example.com",
          big: 12345678901234567890n.toString(),
        });
        for (const reissueIdToken of [
          () => ({ claims }),
          async () => ({ sub: "user-2", idtHeaderParams: '{"x":"y"}' }),
          { claims, idTokenAudType: "string" },
          () => null,
          () => "wrong",
          () => ({ accessToken: "x" }),
          () => ({ claims: "not JSON" }),
          thrower,
          true,
          false,
        ]) {
          const { id_token } = await next({ reissueIdToken });
          if (id_token !== undefined) await verified(id_token, await engine.jwks());
        }
        await next({ reissueIdToken: () => new Promise(() => {}), hookTimeoutMs: 5 });
        const spent = last;
        await next();
        await ask(refresh(spent));
        await ask(refresh(last));
        await ask(refresh("unknown"));
      });
      equal(statuses(seen), `${Array(13).fill(200)},400,400,400`, "statuses");
      const reissues = seen.filter(({ hook }) => hook === "reissueIdToken");
      equal(reissues.length, 8, "calls of the hook");
      equal(reissues[0].values[0].action, "ID_TOKEN_REISSUABLE", "action that the hook sees");
      ok(JSON.stringify(seen).includes("'email':'"), "the claims are in an ID token");
    },

    "a password is checked by the hook, which is told and may answer the same": async () => {
      const seen = await same("password", async ({ ask }) => {
        for (const authenticateUser of [
          () => "user-1",
          async () => ({ subject: "user-1", properties: [{ key: "k", value: "v" }] }),
          () => null,
          () => "",
          () => ({}),
          () => undefined,
          () => ({ subject: "u", ticket: "t", unknown: 1 }),
          thrower,
        ])
          await ask(password, { authenticateUser });
        await ask(password, { authenticateUser: () => new Promise(() => {}), hookTimeoutMs: 5 });
        await ask(password);
        await ask({ ...password, username: "" }, { authenticateUser: () => "user-1" });
        await ask({ ...password, scope: "unknown" }, { authenticateUser: () => "user-1" });
      });
      ok(statuses(seen).startsWith("200,200,400,"), statuses(seen));
      const [first] = seen.filter(({ hook }) => hook !== undefined);
      deepEqual(first.values.slice(0, 2), ["alice", "pässwörd & more"], "user and password");
      equal(first.values[2].action, "PASSWORD", "action that the hook sees");
      equal(first.values[3].parameters[2][1], "pässwörd & more", "parameters");
    },

    "every refusal": async () => {
      const refused = async ({ ask }) => {
        await ask(machine, { headers: basic("web-ES256:wrong") });
        await ask(machine, { headers: basic("nobody:web-secret") });
        await ask(machine, { headers: {} });
        await ask({ ...machine, client_id: "web-ES256" }, { headers: {} });
        await ask({ ...machine, client_id: "web-ES256", client_secret: "web-secret" });
        await ask({ ...machine, client_id: "", client_secret: "" });
        await ask({ ...machine, client_id: "web-RS256" });
        await ask({ ...machine, scope: "unknown" });
        await ask({ ...machine, scope: '"' });
        await ask({ grant_type: "toy" });
        await ask({ grant_type: "" });
        await ask({});
        await ask({ grant_type: "urn:ietf:params:oauth:grant-type:token-exchange" });
        await ask({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "x" });
        await ask("grant_type=client_credentials&grant_type=client_credentials");
        await ask("grant_type=client_credentials&scope=read&scope=read");
        await ask("grant_type=client_credentials&unknown=1&unknown=2&=&&%00=%00");
        await ask("grant_type=client_credentials&scope=%E0%A4%A");
        await ask("grant_type=client_credentials&scope=%FF");
        await ask("");
        await ask("?");
        await ask("\u0000\u2028😀=\ud83d%F0%9F%98%80");
      };
      const seen = await same("refusals", refused);
      const told = new Set(errors(seen));
      for (const error of [
        "invalid_client",
        "invalid_request",
        "invalid_scope",
        "unsupported_grant_type",
      ])
        ok(told.has(error), `${error} is one of ${[...told]}`);
      const [first] = seen.filter(({ status }) => status !== undefined);
      equal(first.status, 401, "status for a wrong secret");
      ok(first.headers["www-authenticate"].startsWith("Basic realm="), "a challenge");
    },

    "what the headers of a request say, and do wrong": async () => {
      const seen = await same("headers", async ({ ask }) => {
        for (const headers of [
          { authorization: "Basic" },
          { authorization: "Basic ???" },
          { authorization: `Basic ${btoa("web-ES256")}` },
          { authorization: `Basic ${btoa(":")}` },
          { authorization: `Basic ${btoa("web-ES256:")}` },
          { authorization: `Basic ${btoa(":web-secret")}` },
          { authorization: `basic ${btoa("web%2DES256:web%2Dsecret")}` },
          { authorization: `Basic ${btoa("web-ES256:\xff")}` },
          { authorization: "Bearer x" },
          { authorization: "" },
          { AUTHORIZATION: web.authorization },
        ])
          await ask(machine, { headers, realm: "the realm" });
        const attested = { "oauth-client-attestation": "x", "oauth-client-attestation-pop": "y" };
        for (const headers of [
          { dpop: "x.y.z" },
          { DPoP: "x.y.z" },
          { dpop: "" },
          { dpop: "a, b" },
          attested,
          { "oauth-client-attestation": "x" },
          { "OAuth-Client-Attestation-PoP": "y" },
          { "oauth-client-attestation": "" },
        ])
          await ask(machine, {
            headers: { ...web, ...headers },
            tokenEndpoint: "https://as.example/t",
          });
        await ask(machine, { headers: { dpop: "x.y.z" } });
        const page = { origin: "https://as.example", "sec-fetch-site": "same-origin" };
        await ask(machine, { headers: { ...page, "sec-fetch-mode": "cors" } });
        await ask(machine, { headers: { ...web, ...page }, cors: ["https://as.example"] });
        await ask(machine, { headers: { ...web, ...page }, cors: ["https://other.example"] });
        await ask(machine, { cors: false });
      });
      ok(statuses(seen).includes(401) && statuses(seen).includes(200), "statuses");
    },

    "requests that are answered without the engine": async () => {
      const seen = await same("no request", async ({ ask }) => {
        const some = (init, options) => ask(machine, { init, ...options });
        await some({ method: "GET", body: null });
        await some({ method: "PUT" });
        await some({ type: "application/json" });
        await some({ type: null });
        await some({ url: "http://as.example/token" });
        await some({ url: "https://as.example/token?client_secret=x" });
        await some({ body: "x".repeat(70_000) });
        await some({}, { maxRequestBytes: 10 });
        await some({}, { headers: { ...web, "content-length": "99999999" } });
        const preflight = {
          origin: "https://app.example",
          "access-control-request-method": "POST",
        };
        const options = { method: "OPTIONS", body: null };
        await some(options, { headers: preflight });
        await some(options, {
          headers: { ...preflight, "Access-Control-Request-Headers": "dpop, X-Trace" },
          cors: ["https://app.example"],
        });
        await some(options, { headers: preflight, cors: false });
        await some(options, { headers: {} });
        const body = new URLSearchParams(machine);
        const read = new Request("https://as.example/token", { method: "POST", body });
        await read.text();
        await ask(read);
      });
      equal(statuses(seen), "405,405,400,400,400,400,413,413,413,204,204,204,204,500", "statuses");
      ok(!seen.some(({ event }) => event?.type === "exchange"), "the engine was not asked");
    },

    "clients with assertions and public clients": async () => {
      const pair = await keyPair("ES256");
      const clients = [
        {
          client_id: "service",
          token_endpoint_auth_method: "private_key_jwt",
          jwks: { keys: [pair.jwk] },
          grant_types: ["client_credentials"],
        },
        {
          client_id: "spa",
          token_endpoint_auth_method: "none",
          redirect_uris: [redirectUri],
          grant_types: ["authorization_code"],
        },
      ];
      const issuer = config.service.issuer;
      const seconds = now / 1000;
      const seen = await same(
        "assertions",
        async ({ ask, code }) => {
          const by = (value, more) => ({
            ...machine,
            client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion: value,
            ...more,
          });
          const claims = { iat: seconds, exp: seconds + 60, aud: issuer };
          const once = await assertionOf(pair, claims);
          const send = (given) => ask(given, { headers: {} });
          await send(by(once));
          await send(by(once));
          await send(by(await assertionOf(pair, { ...claims, exp: seconds - 1 })));
          await send(by(await assertionOf(pair, { ...claims, aud: "https://other.example" })));
          await send(by(`${once.slice(0, -4)}AAAA`));
          await send(by("x.y.z"));
          await send(by(""));
          await send(by(await assertionOf(pair, claims), { client_assertion_type: "" }));
          await send(redeem(await code({ client_id: "spa" }), { client_id: "spa" }));
          await send(redeem(await code({ client_id: "spa" }), { client_id: "web-ES256" }));
        },
        () => ({ of: { ...config, clients: [...config.clients, ...clients] } }),
      );
      equal(statuses(seen), "200,401,401,401,401,401,400,400,200,401", "statuses");
    },

    "a client that has no right at the engine": async () => {
      const seen = await same("no right", async ({ ask, client, code }) => {
        const value = await code();
        for (const more of [
          { bearer: "other" },
          { serviceId: "1" },
          { serviceId: "a:b" },
          { bearer: "other", serviceId: "1" },
        ])
          await ask(redeem(value), { authlete: client(more) });
        await ask(redeem(value));
      });
      equal(statuses(seen), "500,500,500,500,200", "statuses");
      const failures = seen.filter(({ event }) => event?.type === "upstream_failed");
      deepEqual(
        failures.map(({ event }) => event.status),
        [401, 403, 403, 401],
        "statuses at the API",
      );
    },
  };
}
