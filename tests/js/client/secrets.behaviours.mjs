// Every failure, with secrets in every place: none of them may show in an error, an answer, an
// event or on the console.
import { equal, ok } from "../support/assert.mjs";
import { endless, json, never } from "../support/upstream.mjs";
import { tokenRequest } from "../endpoint/token-request.mjs";

/** One marker for each kind of secret. */
const secret = Object.fromEntries(
  [
    "bearer",
    "clientSecret",
    "password",
    "code",
    "refreshToken",
    "accessToken",
    "ticket",
    "assertion",
    "proof",
    "hook",
  ].map((name) => [name, `S3CRET-${name}`]),
);
const everything = Object.values(secret).join();
const thrower = () => {
  throw Object.assign(new TypeError(everything), {
    name: everything,
    code: everything,
    cause: { code: everything, secret },
    secret,
  });
};

/** The request of each operation, and the same with values of the wrong types. */
const requests = {
  authToken: {
    parameters: `code=${secret.code}&assertion=${secret.assertion}`,
    clientSecret: secret.clientSecret,
    dpop: secret.proof,
  },
  authTokenFail: { ticket: secret.ticket, reason: "UNKNOWN" },
  authTokenIssue: { ticket: secret.ticket, subject: "s", accessToken: secret.accessToken },
  idtokenReissue: { accessToken: secret.accessToken, refreshToken: secret.refreshToken },
};
const wrongTypes = (request) =>
  Object.keys(request).map((name) => ({
    ...request,
    [name]: { secret, toJSON: thrower, toString: thrower },
  }));

const type = { "content-type": "application/json" };
const echoed = JSON.stringify({ action: "NEW", ...secret, resultMessage: everything });
/** What may come instead of an answer; `echoed` has every secret in it. */
const faults = {
  "fetch throws": thrower,
  "fetch rejects": async () => thrower(),
  "fetch rejects with a string": () => Promise.reject(everything),
  "fetch gives no Response": async () => secret,
  "it hangs": never,
  "the body breaks off": async () =>
    new Response(new ReadableStream({ pull: thrower }), { headers: type }),
  "the body never ends": async () =>
    new Response(endless(new TextEncoder().encode(everything)).stream, { headers: type }),
  "the body is not JSON": async () => json(echoed.slice(0, -1)),
  "the body is a login page": async () =>
    new Response(`<html>${everything}`, { headers: { "content-type": "text/html" } }),
  "the action is missing": async () => json({ ...secret }),
  "the head is of wrong types": async () =>
    json({ action: "PASSWORD", ticket: { secret }, responseContent: [everything] }),
  "an HTTP error without JSON": async () => new Response(everything, { status: 502 }),
  "an HTTP error with JSON": async () =>
    json({ ...secret, resultCode: { secret } }, { status: 500 }),
};

/** All text in a thrown value, read in every way. */
function shown(value, inspect, seen = new Set()) {
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return String(value);
  if (seen.has(value)) return "";
  seen.add(value);
  const own = Reflect.ownKeys(value).map(
    (name) => `${String(name)}=${name === "headers" ? "" : shown(value[name], inspect, seen)}`,
  );
  return [
    String(value),
    value.stack,
    value.message,
    JSON.stringify(value),
    inspect?.(value, { showHidden: true, depth: 10, getters: true }),
    ...own,
  ].join("\n");
}

/** Runs `body` and returns what it wrote to the console. */
async function overheard(body) {
  const written = [];
  const names = ["log", "info", "warn", "error", "debug", "trace"];
  const real = names.map((name) => console[name]);
  for (const name of names)
    console[name] = (...all) => written.push(all.map((each) => shown(each)).join());
  try {
    await body();
  } finally {
    for (const [index, name] of names.entries()) console[name] = real[index];
  }
  return written.join("\n");
}

export function behaviours({ pkg, inspect, server, refusing }) {
  const { AuthleteClient, AuthleteError, handleTokenRequest } = pkg;
  const client = (more) =>
    new AuthleteClient({
      serviceId: "1",
      bearer: secret.bearer,
      timeoutMs: 30,
      maxResponseBytes: 10_000,
      ...more,
    });
  const clean = (text, what) => {
    for (const marker of Object.values(secret))
      ok(!text.includes(marker), `${what} shows ${marker}`);
  };
  const events = [];
  const onEvent = (event) => events.push(event);
  const eventsAreClean = (what) => {
    clean(JSON.stringify(events), `an event, ${what}`);
    events.length = 0;
  };
  const fails = async (operation, authlete, request, what) => {
    const error = await pkg[operation](authlete, request).then(
      () => undefined,
      (caught) => caught,
    );
    ok(error instanceof AuthleteError, `${what}: an AuthleteError, and not ${typeof error}`);
    clean(shown(error, inspect), `an error, ${what}`);
    clean(inspect?.(authlete, { showHidden: true, depth: 10 }) ?? "", "a client");
    eventsAreClean(what);
  };

  return {
    "no failing operation shows a secret": async () => {
      const written = await overheard(async () => {
        for (const [operation, request] of Object.entries(requests)) {
          for (const [what, fetch] of Object.entries(faults))
            await fails(operation, client({ fetch, onEvent }), request, `${operation}: ${what}`);
          for (const wrong of wrongTypes(request))
            await fails(operation, client({ onEvent }), wrong, `${operation}: wrong type`);
          await fails(
            operation,
            client({ bearer: thrower, onEvent }),
            request,
            `${operation}: bearer throws`,
          );
          await fails(
            operation,
            client({ bearer: async () => `${secret.bearer}\n`, onEvent }),
            request,
            `${operation}: bearer is unusable`,
          );
        }
      });
      equal(written, "", "the console");
    },

    "no failing call over HTTP shows a secret, its cause included": async () => {
      for (const [serverURL, serviceId] of [
        [refusing, "1"],
        [server.replace("http:", "https:"), "1"],
        ...[
          "reset",
          "hang",
          "drip",
          "truncated",
          "html",
          "unauthorized",
          "redirect-307",
          "no-http",
        ].map((scenario) => [server, scenario]),
      ]) {
        const authlete = client({ serverURL, serviceId, timeoutMs: 200, onEvent });
        await fails("authToken", authlete, requests.authToken, serviceId);
      }
    },

    "no failing token request shows a secret": async () => {
      const { ticket, accessToken, refreshToken, password } = secret;
      const headers = {
        authorization: `Basic ${btoa(`id:${secret.clientSecret}`)}`,
        dpop: secret.proof,
      };
      const body = `code=${secret.code}&password=${password}&refresh_token=${refreshToken}&assertion=${secret.assertion}`;
      const hooks = Object.fromEntries(
        ["authenticateUser", "tokenExchange", "jwtBearer", "nativeSso", "reissueIdToken"].map(
          (name) => [name, thrower],
        ),
      );
      const begun = {
        ticket,
        accessToken,
        refreshToken,
        username: "u",
        password,
        resultMessage: everything,
        responseContent: "{}",
      };
      const actions = [
        "PASSWORD",
        "TOKEN_EXCHANGE",
        "JWT_BEARER",
        "NATIVE_SSO",
        "ID_TOKEN_REISSUABLE",
        "NEW",
      ];
      const begin = (action, then) => (url) =>
        url.endsWith("/auth/token") ? json({ action, ...begun }) : then();
      const options = [
        ...Object.entries(faults).map(([what, fetch]) => [what, { fetch }]),
        ...actions.flatMap((action) =>
          Object.entries(faults).flatMap(([what, then]) => [
            [`${action}, ${what}`, { fetch: begin(action, then) }],
            [`${action}, hooks throw, ${what}`, { fetch: begin(action, then), hooks }],
          ]),
        ),
        ["tokenRequest throws", { fetch: never, hooks: { tokenRequest: thrower } }],
        [
          "tokenRequest is unusable",
          { fetch: never, hooks: { tokenRequest: () => ({ properties: secret }) } },
        ],
      ];
      const written = await overheard(async () => {
        for (const [what, { fetch, hooks }] of options) {
          const response = await handleTokenRequest(tokenRequest({ headers, body }), {
            authlete: client({ fetch, onEvent }),
            onEvent,
            ...hooks,
          });
          clean(JSON.stringify([...response.headers]), `a header, ${what}`);
          clean(await response.text(), `an answer, ${what}`);
          eventsAreClean(what);
        }
      });
      equal(written, "", "the console");
    },
  };
}
