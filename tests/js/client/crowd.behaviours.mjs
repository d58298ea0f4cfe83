// Far more calls at once than one WebAssembly instance takes, of each layer. Each has a number of
// its own.
import { deepEqual, equal } from "../support/assert.mjs";
import { json, pause } from "../support/upstream.mjs";

const COUNT = 3_000;

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  const echo = async (_url, init) => {
    const { parameters } = JSON.parse(init.body);
    await pause(Number(/\d+/.exec(parameters)[0]) % 7);
    return json({
      action: "OK",
      subject: parameters,
      responseContent: JSON.stringify({ echo: parameters }),
    });
  };
  const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: echo });
  const all = Array.from({ length: COUNT }, (_, index) => `n=${index}`);
  const atOnce = async (call) => deepEqual(await Promise.all(all.map(call)), all, "answers");

  const startEngine = () =>
    enginePkg.createEngine({
      service: {
        serviceId: "1",
        bearer: "b",
        issuer: "https://as.example",
        supportedGrantTypes: ["CLIENT_CREDENTIALS"],
      },
      clients: [{ client_id: "c", client_secret: "s", grant_types: ["client_credentials"] }],
    });
  /** Makes a call, and checks that it gets its own tokens. */
  const engineCall = (accessToken) => {
    const body = JSON.stringify({
      parameters: "grant_type=client_credentials",
      clientId: "c",
      clientSecret: "s",
      accessToken,
    });
    const headers = { authorization: "Bearer b", "content-type": "application/json" };
    return new Request("http://localhost/api/1/auth/token", { method: "POST", headers, body });
  };
  const issued = async (engine, accessToken) => {
    const response = await engine.fetch(engineCall(accessToken));
    equal(response.status, 200, "status");
    return JSON.parse((await response.json()).responseContent).access_token;
  };

  return {
    "three thousand calls at once get their own answers": () =>
      atOnce(async (parameters) => (await authToken(authlete, { parameters })).subject),

    "three thousand token requests at once get their own answers": () =>
      atOnce(async (body) => {
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const request = new Request("https://as.example/token", { method: "POST", headers, body });
        return (await (await handleTokenRequest(request, { authlete })).json()).echo;
      }),

    "three thousand calls of an engine at once get their own answers": async () => {
      const engine = await startEngine();
      await atOnce((token) => issued(engine, token));
    },

    "three thousand introspections at once get their own answers": async () => {
      const engine = await startEngine();
      for (const token of all.slice(0, 10)) await issued(engine, token);
      const active = await Promise.all(
        all.map(async (token) => (await engine.introspect(token)).active),
      );
      deepEqual(
        active,
        all.map((_, index) => index < 10),
        "answers",
      );
    },
  };
}
