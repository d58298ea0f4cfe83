// What `onTrace` is told: the checks of each call, once, before its promise is fulfilled.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";
import { basic, machine, redeem, refresh, wayKit, ways } from "./ways.mjs";

const wrong = { headers: basic("web-ES256:wrong-secret") };
const password = { grant_type: "password", username: "alice", password: "wonderland" };
const line = ({ name, outcome, detail = "", resultCode = "" }) =>
  `${name} ${detail}${outcome === "refused" ? `: ${resultCode}` : ""}`.trim();

export function behaviours({ pkg, enginePkg }) {
  const { begin, same } = wayKit({ pkg, enginePkg }, { traced: true });
  const { createEngine } = enginePkg;
  const config = {
    service: { serviceId: "1", bearer: "dev", issuer: "https://as.example" },
    clients: [
      { client_id: "app", client_secret: "app-secret", grant_types: ["client_credentials"] },
    ],
  };
  const form = (url, parameters) =>
    new Request(url, { method: "POST", body: new URLSearchParams(parameters) });

  return {
    "each call of the endpoint has its trace directly before its exchange event": async () => {
      const seen = await same("traces", async ({ ask, code }) => {
        await ask(machine);
        await ask(machine, wrong);
        const { refresh_token } = await ask(redeem(await code()));
        await ask(refresh(refresh_token), { reissueIdToken: true });
        await ask(refresh(refresh_token));
        await ask(password, { authenticateUser: () => "user-1" });
        await ask(password, { authenticateUser: () => null });
      });
      const calls = seen.flatMap(({ event }, index) =>
        event?.type === "exchange" ? [[seen[index - 1].trace.operation, event.operation]] : [],
      );
      ok(calls.length >= 9, "calls");
      for (const [traced, called] of calls) equal(traced, called, "operation");
      const own = seen.filter(({ trace }) => trace?.operation === "issueAuthorizationCode");
      equal(seen.filter(({ trace }) => trace).length, calls.length + own.length, "traces");
    },

    "a trace has the checks in order, and of a refusal the operator's code and sentence":
      async () => {
        const { seen, ask } = await begin("direct");
        await ask({ ...machine, scope: "read" });
        await ask(machine, wrong);
        const [passed, refused] = seen.flatMap(({ trace }) => trace ?? []);
        deepEqual(
          passed.checks.map(line),
          [
            "call",
            "parameters",
            "client_authentication client_secret_basic",
            "grant_type client_credentials",
            "confidential_client",
            "scope",
            "access_token_issued Bearer",
            "commit insert grant",
          ],
          "checks",
        );
        deepEqual(
          refused,
          {
            operation: "authToken",
            checks: [
              { name: "call", outcome: "passed" },
              { name: "parameters", outcome: "passed" },
              {
                name: "client_authentication",
                outcome: "refused",
                detail: "client_secret_basic",
                resultCode: "A157395",
                resultMessage: "[A157395] Client authentication failed.",
              },
            ],
          },
          "trace of a refusal",
        );
      },

    "every function of the engine is traced before its promise is fulfilled": async () => {
      const traces = [];
      const engine = await createEngine(config, { onTrace: (trace) => traces.push(trace) });
      equal(traces.length, 0, "traces of the start");
      const calls = {
        jwks: () => engine.jwks(),
        metadata: () => engine.metadata(),
        expire: () => engine.expire(),
        introspect: () => engine.introspect("unknown"),
        revoke: () => engine.revoke("unknown"),
        checkAuthorization: () => engine.checkAuthorization("client_id=app"),
        issueAuthorizationCode: () =>
          rejection(engine.issueAuthorizationCode({ client_id: "app" })),
        attestationChallenge: () => rejection(engine.attestationChallenge()),
        verifyAccess: () =>
          engine.verifyAccess({
            token: "t",
            scheme: "Bearer",
            htm: "GET",
            htu: "https://a.example",
          }),
        handleIntrospectionRequest: () =>
          engine.handleIntrospectionRequest(form("https://as.example/introspect", { token: "t" })),
        handleRevocationRequest: () =>
          engine.handleRevocationRequest(form("https://as.example/revoke", { token: "t" })),
        authToken: () => engine.exchange("/api/1/auth/token", "Bearer wrong", "{}"),
        idtokenReissue: () => engine.fetch(form("https://as.example/api/1/idtoken/reissue", {})),
        unknown: () => engine.exchange("/api/1/nothing", "Bearer dev", "{}"),
      };
      for (const [operation, call] of Object.entries(calls)) {
        await call();
        deepEqual(
          traces.splice(0).map((trace) => trace.operation),
          [operation],
          operation,
        );
      }
    },

    "what onTrace throws or rejects with changes nothing": async () => {
      for (const onTrace of [
        () => {
          throw new Error("no");
        },
        async () => {
          throw new Error("no");
        },
        (trace) => Object.freeze(trace).checks.splice(0),
      ]) {
        for (const way of Object.keys(ways)) {
          const { ask, seen } = await begin(way, { onTrace });
          ok((await ask(machine)).access_token, "a token");
          deepEqual(
            seen.flatMap(({ event }) => event?.type ?? []),
            ["exchange"],
            "events",
          );
        }
      }
    },

    "onTrace may call the engine": async () => {
      const inner = [];
      const engine = await createEngine(config, {
        onTrace: ({ operation }) => {
          if (operation === "metadata") inner.push(engine.jwks());
        },
      });
      await engine.metadata();
      ok((await inner[0]).keys, "keys");
    },

    "onTrace must be a function": async () => {
      const error = await createEngine(config, { onTrace: 1 }).catch((error) => error);
      equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
      ok(error.message.startsWith("onTrace: "), error.message);
    },

    "no trace has a secret of the call, or what the call brought": async () => {
      const { seen, ask, engine, code } = await begin("direct");
      const known = ["web-secret", "wrong-secret", "service-bearer", "wonderland", "alice"];
      const value = await code({ subject: "user-5f3a", nonce: "nonce-5f3a" });
      known.push(value, "user-5f3a", "nonce-5f3a");
      const tokens = await ask(redeem(value));
      await ask(redeem(value));
      known.push(...["access_token", "refresh_token", "id_token"].map((name) => tokens[name]));
      await ask(refresh(tokens.refresh_token));
      await ask(machine, wrong);
      const authenticateUser = (_name, _password, { ticket }) => {
        known.push(ticket);
        return "user-5f3a";
      };
      await ask(password, { authenticateUser });
      await engine.introspect(tokens.access_token);
      const traces = seen.filter(({ trace }) => trace);
      ok(traces.length >= 8 && known.every((text) => text.length > 4), "what is looked for");
      for (const text of known) ok(!JSON.stringify(traces).includes(text), text);
    },
  };
}
