// Every flow of the playground, run at the worker as the page runs it: what a person sees of it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { demoConfig } from "../worker/support/demo-config.mjs";
import { demo, runWorker } from "../worker/support/workerd.mjs";
import { playgroundModules } from "./support/modules.mjs";
import { defaults, nodePlace, ran } from "./support/place.mjs";

const { flows, startRun, actions, checks, claims, headers, parameters } = await playgroundModules(
  ...["flows/index", "run"],
  ...["actions", "checks", "claims", "headers", "parameters"].map((name) => `explain/${name}`),
);
const worker = await runWorker(demo);
after(() => worker.dispose());
const place = await nodePlace(worker.origin);

const flowCalled = (id) => flows.find((flow) => flow.id === id);

/** A flow that went as it should: its steps. */
async function played(id, choices) {
  const { status, trouble, steps } = await ran(startRun, flowCalled(id), place, choices);
  assert.equal(status, "done", trouble);
  for (const step of steps) assert.equal(step.status, "done", step.title);
  return steps;
}

/** The statuses of the answers, step by step. */
const statuses = (steps) =>
  steps.map(({ exchanges }) => exchanges.map(({ response }) => response.status));

const answer = (step, at = -1) => JSON.parse(step.exchanges.at(at).response.body);

/** What has happened at the server for the last request of a step, in short words. */
const entries = (step) => step.exchanges.at(-1).entries;
const course = (step) =>
  entries(step).map((entry) => {
    if (entry.type === "call") return `${entry.api} ${entry.response.action}`;
    return entry.type === "hook" ? entry.hook : entry.type;
  });

/** The engine's checks for the last request of a step: their names; refused ones with a "!". */
const checksOf = (step) =>
  entries(step).flatMap((entry) =>
    (entry.checks ?? []).map(({ name, outcome }) => `${name}${outcome === "refused" ? "!" : ""}`),
  );

/** Fails unless these checks were made, in this order. */
function assertChecked(step, ...names) {
  const made = checksOf(step);
  assert.deepEqual(
    made.filter((name) => names.includes(name)),
    names,
    `${step.title}: ${made.join(" ")}`,
  );
}

test("A user logs in at the real page, and the code brings tokens that UserInfo takes", async () => {
  const steps = await played("authorization-code");
  assert.deepEqual(statuses(steps), [[], [200], [200]]);
  const [, exchange, use] = steps;
  const { id_token, refresh_token, token_type } = answer(exchange);
  assert.ok(id_token && refresh_token);
  assert.equal(token_type, "Bearer");
  assert.deepEqual(course(exchange), ["/auth/token OK"]);
  assertChecked(exchange, "client_authentication", "authorization_code", "pkce", "commit");
  assert.equal(answer(use).name, "Alice Example");
  assertChecked(use, "access_token", "token_scheme");
});

test("Every client with client credentials gets a token, each in its own way", async () => {
  const methods = {};
  const [{ values }] = flowCalled("client-credentials").options(place.setup, {});
  for (const { value: client } of values) {
    const [step] = await played("client-credentials", { client });
    assert.deepEqual(course(step), ["/auth/token OK"]);
    const { checks } = entries(step)[0];
    const { detail } = checks.find(({ name }) => name === "client_authentication");
    methods[detail] = client;
    const { body, headers } = step.exchanges.at(-1).request;
    const sent = `${body} ${JSON.stringify(headers)}`;
    const { client_secret = "", token_endpoint_auth_method: method } = place.setup.clients.find(
      ({ client_id }) => client_id === client,
    );
    const sendsSecret = sent.includes(client_secret) && client_secret !== "";
    assert.equal(sendsSecret, method === "client_secret_post", `${client}: ${sent}`);
  }
  assert.deepEqual(Object.keys(methods).sort(), [
    "attest_jwt_client_auth",
    "client_secret_basic",
    "client_secret_jwt",
    "client_secret_post",
    "private_key_jwt",
    "self_signed_tls_client_auth",
    "tls_client_auth",
  ]);
});

test("A right password goes through the hook to /auth/token/issue, a wrong one to /auth/token/fail", async () => {
  const [right, wrong] = await played("password");
  assert.deepEqual(course(right), [
    "/auth/token PASSWORD",
    "authenticateUser",
    "/auth/token/issue OK",
  ]);
  assert.deepEqual(course(wrong).slice(0, 3), [
    "/auth/token PASSWORD",
    "authenticateUser",
    "/auth/token/fail BAD_REQUEST",
  ]);
  assert.deepEqual(statuses([right, wrong]), [[200], [400]]);
  assertChecked(right, "user_credentials", "ticket", "access_token_issued");
});

test("An MCP client reads the metadata, logs in for the MCP server, and that one finds the token good", async () => {
  const [metadata, , exchange, introspection] = await played("mcp");
  assert.equal(answer(metadata).issuer, worker.origin);
  assert.match(exchange.exchanges[0].request.body, /resource=http%3A%2F%2Flocalhost%3A3000%2Fmcp/);
  assertChecked(exchange, "pkce", "granted_resources");
  const { active, aud } = answer(introspection);
  assert.deepEqual([active, [aud].flat()], [true, ["http://localhost:3000/mcp"]]);
  assertChecked(introspection, "resource_identifiers", "access_token", "audience");
});

test("A refresh brings two new tokens", async () => {
  const [first, refresh] = await played("refresh");
  const [before, after] = [first, refresh].map((step) => answer(step));
  assert.notEqual(after.access_token, before.access_token);
  assert.notEqual(after.refresh_token, before.refresh_token);
  assertChecked(refresh, "refresh_token", "refresh_token_issued", "commit");
});

test("A lost answer is given again: the same tokens", async () => {
  const [, lost, again] = await played("lost-answer");
  const tokens = (step) => [answer(step).access_token, answer(step).refresh_token];
  assert.deepEqual(tokens(again), tokens(lost));
  assertChecked(again, "refresh_token_reuse");
  const { detail } = entries(again)[0].checks.find(({ name }) => name === "refresh_token_reuse");
  assert.equal(detail, "same_tokens_again");
});

test("A refresh brings an ID token, whose claims the hook has chosen", async () => {
  const [first, refresh] = await played("id-token-reissue");
  assert.deepEqual(course(refresh).slice(0, 3), [
    "/auth/token ID_TOKEN_REISSUABLE",
    "reissueIdToken",
    "/idtoken/reissue OK",
  ]);
  const claims = (step) => JSON.parse(atob(answer(step).id_token.split(".")[1]));
  assert.equal(claims(refresh).sub, claims(first).sub);
  assert.equal(claims(refresh).email, "alice@example.com");
  assertChecked(refresh, "id_token_reissue", "id_token_issued");
});

test("A request for bound tokens is asked for a nonce first, then brings tokens of the type DPoP", async () => {
  const steps = await played("dpop");
  assert.deepEqual(statuses(steps), [[200], [400], [200], [200]]);
  const [, refused, repeated, use] = steps;
  assert.equal(answer(refused).error, "use_dpop_nonce");
  assertChecked(refused, "dpop_nonce!");
  assert.equal(answer(repeated).token_type, "DPoP");
  assertChecked(repeated, "dpop_proof", "dpop_nonce", "access_token_issued");
  assertChecked(use, "dpop_proof", "sender_binding");
});

test("A token for one server is active there, and inactive at another one", async () => {
  const [, right, wrong] = await played("resource");
  assert.deepEqual(answer(right).aud, "http://localhost:3000/mcp");
  assert.deepEqual(answer(wrong), { active: false });
  assertChecked(wrong, "audience!");
});

test("A wrong secret and an unknown client get the same answer, word for word", async () => {
  const steps = await played("wrong-secret");
  assert.deepEqual(statuses(steps), [[401], [401]]);
  const bodies = steps.map(({ exchanges: [{ response }] }) => response.body);
  assert.equal(bodies[0], bodies[1]);
  for (const step of steps) assertChecked(step, "client_authentication!");
});

test("A code that a thief uses is refused, and what it gave before is revoked", async () => {
  const steps = await played("replayed-code");
  assert.deepEqual(statuses(steps), [[200], [200], [400], [401]]);
  const [, , replay, use] = steps;
  assert.equal(answer(replay).error, "invalid_grant");
  assertChecked(replay, "authorization_code!");
  assert.equal(answer(use).error, "invalid_token");
});

test("An old refresh token ends the whole login: the newest tokens die, too", async () => {
  const steps = await played("refresh-reuse");
  assert.deepEqual(statuses(steps.slice(1)), [[200], [200], [400], [400], [401]]);
  const [, , , theft, refresh, use] = steps;
  assertChecked(theft, "refresh_token_reuse!");
  assertChecked(refresh, "refresh_token!");
  assertChecked(use, "access_token!");
});

test("A stolen bound token is refused as Bearer, with another key, and with a copied proof", async () => {
  const steps = await played("stolen-token");
  const [, owner, bearer, otherKey, copy] = steps;
  assert.equal(answer(owner).sub, "user-1");
  assertChecked(bearer, "token_scheme!");
  assert.deepEqual(statuses([otherKey]), [[401, 401]]);
  assertChecked(otherKey, "dpop_proof", "sender_binding!");
  assertChecked(copy, "single_use!");
});

test("Every step says what happens, and every one that proves something what has come of it", async () => {
  for (const flow of flows)
    for (const step of await played(flow.id)) {
      assert.ok(step.about.length > 20, step.title);
      const isPreparation = step.title.startsWith("Preparation: ");
      assert.equal(step.verdict === undefined, isPreparation, step.title);
    }
});

test("Everything that the flows show has an explanation", async () => {
  const unknown = new Set();
  const expect = (texts, kind, names) => {
    for (const name of names) if (!Object.hasOwn(texts, name)) unknown.add(`${kind} ${name}`);
  };
  const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;
  const decoded = (text) => {
    for (const part of text.split(".").slice(0, 2))
      expect(claims, "claim", Object.keys(JSON.parse(Buffer.from(part, "base64url"))));
  };
  const [{ values }] = flowCalled("client-credentials").options(place.setup, {});
  const plays = [
    ...flows.map(({ id }) => [id]),
    ...values.map(({ value: client }) => ["client-credentials", { client }]),
  ];
  for (const play of plays)
    for (const { exchanges, browser } of await played(...play)) {
      const sent = exchanges.flatMap(({ request, response }) => [
        ...new URL(request.url).searchParams,
        ...new URLSearchParams(request.body),
        ...(response.url === request.url ? [] : new URL(response.url).searchParams),
      ]);
      const login = Object.values(browser ?? {}).flatMap((url) => [...new URL(url).searchParams]);
      for (const [name, value] of [...sent, ...login]) {
        expect(parameters, "parameter", [name]);
        if (jwt.test(value)) decoded(value);
      }
      for (const { request, response, entries } of exchanges) {
        for (const [name, value] of request.headers) {
          if (name === "user-agent") continue; // From oauth4webapi, in Node only.
          expect(headers, "header", [name]);
          if (jwt.test(value)) decoded(value);
        }
        for (const entry of entries) {
          expect(
            checks,
            "check",
            (entry.checks ?? []).map(({ name }) => name),
          );
          if (entry.type === "call") expect(actions[entry.api], "action", [entry.response.action]);
        }
        const { id_token, active } = JSON.parse(
          response.body.startsWith("{") ? response.body : "{}",
        );
        if (id_token) decoded(id_token);
        if (active !== undefined) expect(claims, "claim", Object.keys(JSON.parse(response.body)));
      }
    }
  assert.deepEqual([...unknown], []);
});

test("A run that is stopped tells the page nothing more", async () => {
  const states = [];
  const flow = flowCalled("authorization-code");
  const run = startRun(flow, defaults(flow, place.setup), place, (state) => {
    states.push(state);
    if (state.status === "waiting") run.stop();
  });
  await played("refresh");
  assert.equal(states.at(-1).status, "waiting");
});

test("A user who refuses ends the run with the error, and a closed login window can be opened again", async () => {
  const flow = flowCalled("authorization-code");
  let opened = 0;
  const login = async (url) => {
    opened += 1;
    if (opened === 1) throw new Error("The login window was closed: open it again.");
    const asked = new URL(url).searchParams;
    const back = new URL(asked.get("redirect_uri"));
    back.search = new URLSearchParams({
      error: "access_denied",
      error_description: "The user refused access.",
      state: asked.get("state"),
      iss: worker.origin,
    });
    return back;
  };
  const notes = [];
  const refusing = { ...place, login };
  const { status, trouble } = await new Promise((resolve) =>
    startRun(flow, defaults(flow, place.setup), refusing, (state) => {
      if (state.status === "waiting") {
        notes.push(state.steps[0].verdict);
        state.steps[0].openLogin();
      }
      if (!["running", "waiting"].includes(state.status)) resolve(state);
    }),
  );
  assert.deepEqual(notes, [undefined, "The login window was closed: open it again."]);
  assert.deepEqual([status, trouble], ["refused", "access_denied: The user refused access."]);
});

test("A scope that the client may not have ends the run as refused, and says what it may have", async () => {
  const flow = flowCalled("client-credentials");
  const { status, trouble, steps } = await ran(startRun, flow, place, { scope: "nonsense" });
  assert.deepEqual([status, steps[0].status], ["refused", "refused"]);
  assert.match(trouble, /^invalid_scope: .* This client may have: read, write\.$/);
  // Another grant, another choice.
  const [, scope] = flow.options(place.setup, { client: "attested-app" });
  assert.equal(scope.hint, "This client may have: profile, email, read, write.");
});

test("Without the scope openid, each flow says which step it leaves out", async () => {
  for (const id of ["authorization-code", "refresh", "dpop"]) {
    const last = (await played(id, { scope: "read" })).at(-1);
    assert.match(last.verdict, /The step “.*” is left out: it needs the scope openid\.$/, id);
  }
  const [, refresh] = await played("id-token-reissue", { scope: "read" });
  assert.match(refresh.verdict, /^Without the scope openid there is no ID token to renew\./);
});

test("The verdict on a second ID token compares it with the first", async () => {
  const [first, refresh] = await played("id-token-reissue");
  const [before, after] = [first, refresh].map((step) =>
    JSON.parse(atob(answer(step).id_token.split(".")[1])),
  );
  assert.ok(after.iat > before.iat);
  const time = ({ iat }) => new Date(iat * 1000).toLocaleTimeString("en-GB");
  assert.match(refresh.verdict, new RegExp(`iat was ${time(before)}, and is ${time(after)}\\.`));
  assert.match(refresh.verdict, /Unchanged since the login: sub and auth_time\./);
});

test("Thieves of codes and refresh tokens meet a public client, or are said to have its secret", async () => {
  for (const id of ["replayed-code", "refresh-reuse"]) {
    const theft = (steps) => steps.find(({ title }) => /thief/i.test(title)).about;
    assert.match(theft(await played(id)), /The app is public: it has no secret/);
    assert.match(
      theft(await played(id, { client: "web-app" })),
      /the thief has the app’s secret, too\./,
    );
  }
});

test("A request whose answer depends on the page that sent it is shown with the browser's header", async () => {
  const fromPage = (request) => {
    const headers = new Headers(request.headers);
    headers.set("sec-fetch-site", "same-origin");
    return place.send(new Request(request, { headers }));
  };
  const page = { ...place, send: fromPage };
  const sentHeaders = async (client) => {
    const { steps } = await ran(startRun, flowCalled("wrong-secret"), page, { client });
    const [{ request, response }] = steps[0].exchanges;
    return [response.status, Object.fromEntries(request.headers)["sec-fetch-site"]];
  };
  assert.deepEqual(await sentHeaders("post-client"), [400, "same-origin"]);
  assert.deepEqual(await sentHeaders("service"), [401, undefined]);
});

test("A service without the clients that a flow needs is told so, and nothing is sent", async () => {
  const none = { ...place, setup: { ...place.setup, clients: [] } };
  for (const flow of flows) {
    const choices = flow.options(none.setup, {}).filter(({ name }) => name !== "user");
    assert.ok(choices.length > 0 && choices.every(({ values }) => values?.length === 0), flow.id);
    const { status, trouble, steps } = await ran(startRun, flow, none);
    assert.deepEqual([status, steps], ["failed", []]);
    assert.match(trouble, /registered|needed/, flow.id);
  }
});

test("For a configuration of one's own, a flow asks for the secrets that the playground is not told", async () => {
  const clients = demoConfig(worker.origin).clients;
  const secretOf = (id) => clients.find(({ client_id }) => client_id === id).client_secret;
  const setup = {
    ...place.setup,
    clients: place.setup.clients.map(({ client_secret: _, ...client }) => client),
    users: place.setup.users.map(({ username }) => ({ username })),
  };
  const own = { ...place, setup };
  const password = flowCalled("password");
  const asked = password.options(setup, {}).filter(({ kind }) => kind === "secret");
  assert.deepEqual(
    asked.map(({ name, value }) => [name, value]),
    [
      ["client_secret", ""],
      ["password", ""],
    ],
  );
  const given = { client_secret: secretOf("legacy"), password: "alice-demo-password" };
  assert.equal((await ran(startRun, password, own, given)).status, "done");
  for (const [name, asked] of [
    ["client_secret", "Type in the secret of legacy first."],
    ["password", "Type in the password of alice first."],
  ]) {
    const { trouble, steps } = await ran(startRun, password, own, { ...given, [name]: "" });
    assert.deepEqual([trouble, steps], [asked, []]);
  }
  for (const wrong of [{ client_secret: "wrong" }, { password: "wrong" }]) {
    const { status, trouble, steps } = await ran(startRun, password, own, { ...given, ...wrong });
    assert.deepEqual([status, steps[0].status], ["failed", "failed"]);
    assert.match(trouble, /^invalid_(client|request): \[A\d{6}\] /);
  }
  const servers = {
    client_secret: secretOf("service"),
    server_secret: secretOf("resource-server"),
    other_secret: secretOf("photo-server"),
  };
  assert.equal((await ran(startRun, flowCalled("resource"), own, servers)).status, "done");
});
