// A test as users write it with fake timers; Vitest and Jest each run it. `test`, `expect`,
// `afterEach` and `vi` are the runner's globals.
import { createEngine } from "authlete-token/engine";
import { AuthleteClient, handleTokenRequest } from "authlete-token";

const timers = import.meta.jest ?? globalThis.vi;
const { afterEach, expect, test } = globalThis;

const config = {
  service: {
    serviceId: "1",
    bearer: "development",
    issuer: "http://localhost:8787",
    supportedScopes: ["read"],
    supportedGrantTypes: ["AUTHORIZATION_CODE"],
  },
  clients: [
    { client_id: "app", client_secret: "s3cret", redirect_uris: ["https://app.example/callback"] },
  ],
};

/** An engine, and the status and body that a token request with this code gets from it. */
async function start() {
  const engine = await createEngine(config);
  const { serviceId, bearer } = config.service;
  const fetch = (url, init) => engine.fetch(new Request(url, init));
  const authlete = new AuthleteClient({ serviceId, bearer, serverURL: "http://localhost", fetch });
  const code = async () =>
    (await engine.issueAuthorizationCode({ client_id: "app", subject: "user-1", scope: "read" }))
      .code;
  const redeem = async (code) => {
    const headers = { authorization: `Basic ${btoa("app:s3cret")}` };
    const body = new URLSearchParams({ grant_type: "authorization_code", code });
    const response = await handleTokenRequest(
      new Request("http://localhost/token", { method: "POST", headers, body }),
      { authlete },
    );
    return { status: response.status, ...(await response.json()) };
  };
  return { engine, code, redeem };
}

afterEach(() => timers.useRealTimers());

test("fake timers that are installed after the engine was made move its clock", async () => {
  const { engine, code, redeem } = await start();
  const [first, second] = [await code(), await code()];
  timers.useFakeTimers();
  const { access_token } = await redeem(first);
  expect((await engine.introspect(access_token)).active).toBe(true);
  timers.advanceTimersByTime(60_000);
  expect(await redeem(second)).toMatchObject({ status: 400, error: "invalid_grant" });
  timers.advanceTimersByTime(3_540_000);
  expect((await engine.introspect(access_token)).active).toBe(false);
});

test("an engine that was made under fake timers continues with the real clock", async () => {
  timers.useFakeTimers();
  const { code, redeem } = await start();
  timers.setSystemTime(Date.now() - 3_600_000);
  const old = await code();
  timers.useRealTimers();
  expect((await redeem(old)).status).toBe(400);
  expect((await redeem(await code())).status).toBe(200);
});
