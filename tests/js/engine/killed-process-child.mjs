// One process of the test of killed processes: an engine over a file of SQLite. What it is to do is
// its first argument, as JSON.
import { writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createEngine } from "authlete-token/engine";

const { task, argument } = JSON.parse(process.argv[2]);
const start = Date.UTC(2026, 0, 1);

const say = (object) => writeSync(1, `${JSON.stringify(object)}\n`);

/** An engine over a file, at a time that can be set. `befall` gets each statement as a function. */
async function open(file, idempotent, befall = (_, run) => run()) {
  const database = new DatabaseSync(file);
  const clock = { now: start };
  const storage = {
    exec(query, ...bindings) {
      const rows = befall(query, () => database.prepare(query).all(...bindings));
      return { toArray: () => rows };
    },
  };
  const config = {
    service: {
      serviceId: "1",
      bearer: "b",
      issuer: "https://as.example",
      supportedGrantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN", "PASSWORD"],
      supportedScopes: ["openid", "read"],
      refreshTokenIdempotent: idempotent,
    },
    clients: [
      {
        client_id: "web",
        client_secret: "s",
        grant_types: ["authorization_code", "refresh_token", "password"],
        redirect_uris: ["https://app.example/cb"],
        id_token_signed_response_alg: "ES256",
      },
    ],
  };
  const engine = await createEngine(config, { storage, now: () => clock.now });
  const call = async (path, body) => {
    const request = new Request(`https://engine/api/1${path}`, {
      method: "POST",
      headers: { authorization: "Bearer b", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await engine.fetch(request)).json();
  };
  const token = (parameters) =>
    call("/auth/token", {
      parameters: new URLSearchParams(parameters).toString(),
      clientId: "web",
      clientSecret: "s",
    });
  const code = async (subject) =>
    (await engine.issueAuthorizationCode({ client_id: "web", subject, scope: "openid read" })).code;
  const isActive = async (accessToken) => (await engine.introspect(accessToken)).active;
  /** How many access tokens of a user would be accepted. */
  const living = (subject) => {
    const rows = database.prepare("SELECT value FROM authlete_token_records WHERE kind = 'grant'");
    return rows
      .all()
      .map(({ value }) => JSON.parse(value))
      .filter(
        ({ grant, access_token }) =>
          grant.subject === subject && access_token?.expires_at > clock.now,
      ).length;
  };
  return { database, clock, call, token, code, isActive, living };
}

const redeem = ({ code }) => ({ grant_type: "authorization_code", code });
const refresh = (refresh_token) => ({ grant_type: "refresh_token", refresh_token });
/** The requests in which a process is killed. */
const requests = {
  code: (engine, given) => engine.token(redeem(given)),
  refresh: (engine, given) => engine.token(refresh(given.refreshToken)),
  "repeatable refresh": (engine, given) => engine.token(refresh(given.refreshToken)),
  ticket: (engine, { ticket }) =>
    engine.call("/auth/token/issue", { ticket, subject: "user of the ticket" }),
};

const tasks = {
  /** Fills a file with what the requests use. */
  async prepare({ file }) {
    const engine = await open(file, false);
    const login = await engine.token(redeem({ code: await engine.code("user of the refresh") }));
    const password = { grant_type: "password", username: "u", password: "p", scope: "openid read" };
    const { ticket } = await engine.token(password);
    const code = await engine.code("user of the code");
    const { accessToken, refreshToken } = login;
    engine.database.close();
    say({ accessToken, refreshToken, ticket, code });
  },

  /** Makes a request, and is killed at its statement number `at`, if there are that many. */
  async request({ file, name, given, at, after }) {
    let count = Number.NEGATIVE_INFINITY;
    const engine = await open(file, name === "repeatable refresh", (query, run) => {
      count += 1;
      if (count !== at) return run();
      if (after) run();
      say({ statement: query.split(" ")[0] });
      process.kill(process.pid, "SIGKILL");
      for (;;);
    });
    count = 0;
    engine.clock.now += 1000;
    say({ answer: await requests[name](engine, given) });
  },

  /** Tries out everything that is left in each of the files. */
  async examine(cases) {
    for (const { file, name, given } of cases) {
      const engine = await open(file, name === "repeatable refresh");
      const user = `user of the ${name.split(" ").at(-1)}`;
      engine.clock.now += 2000;
      const found = { old: await engine.isActive(given.accessToken), before: engine.living(user) };
      const { answer } = given;
      found.given = answer === undefined ? undefined : await engine.isActive(answer.accessToken);
      found.repeated = await requests[name](engine, given);
      found.after = engine.living(user);
      const { accessToken } = found.repeated;
      found.good = accessToken === undefined ? undefined : await engine.isActive(accessToken);
      found.again = await requests[name](engine, given);
      engine.clock.now += 20_000;
      const code = await engine.code(user);
      found.next = (await engine.token(redeem({ code }))).action;
      engine.database.close();
      say(found);
    }
  },
};

await tasks[task](argument);
