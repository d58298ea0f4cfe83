// Wrong request objects: the error names the path and no value, and nothing is sent.
import { equal, match, ok, rejection } from "../support/assert.mjs";
import { upstream } from "../support/upstream.mjs";

const SECRET = "S3CRET-marker";

// [operation, request, what the message must begin with after the operation's name]
const wrong = [
  ["authToken", undefined, "request: expected an object"],
  ["authToken", null, "request: expected an object"],
  ["authToken", SECRET, "request: expected an object"],
  ["authToken", [SECRET], "request: expected an object"],
  ["authToken", () => SECRET, "request: expected an object"],
  ["authToken", {}, "parameters: missing"],
  ["authToken", { parameters: null }, "parameters: missing"],
  ["authToken", { parameters: 1 }, "parameters: expected a string"],
  [
    "authToken",
    { parameters: new URLSearchParams({ code: SECRET }) },
    "parameters: expected a string",
  ],
  ["authToken", { parameters: "", clientId: 1.5 }, "clientId: expected"],
  ["authToken", { parameters: "", clientId: 2 ** 53 }, "clientId: expected"],
  ["authToken", { parameters: "", clientId: Number.NaN }, "clientId: expected"],
  ["authToken", { parameters: "", clientId: true }, "clientId: expected"],
  ["authToken", { parameters: "", clientId: {} }, "clientId: expected"],
  ["authToken", { parameters: "", clientSecret: 1n }, "clientSecret: expected a string"],
  [
    "authToken",
    { parameters: "", clientCertificatePath: ["a", "b", 3] },
    "clientCertificatePath[2]: expected a string",
  ],
  [
    "authToken",
    { parameters: "", clientCertificatePath: SECRET },
    "clientCertificatePath: expected an array",
  ],
  [
    "authToken",
    { parameters: "", clientCertificatePath: { length: 1, 0: SECRET } },
    "clientCertificatePath: expected an array",
  ],
  [
    "authToken",
    { parameters: "", properties: [{ key: "k", value: "v" }, { key: 7 }] },
    "properties[1].key: expected a string",
  ],
  [
    "authToken",
    { parameters: "", properties: [{ key: "k", value: "v", hidden: "yes" }] },
    "properties[0].hidden: expected a boolean",
  ],
  ["authToken", { parameters: "", properties: [null] }, "properties[0]: expected an object"],
  [
    "authToken",
    { parameters: "", accessTokenDuration: "60" },
    "accessTokenDuration: expected an integer",
  ],
  [
    "authToken",
    { parameters: "", accessTokenDuration: 0.5 },
    "accessTokenDuration: expected an integer",
  ],
  [
    "authToken",
    { parameters: "", accessTokenDuration: Number.POSITIVE_INFINITY },
    "accessTokenDuration: expected an integer",
  ],
  ["authToken", { parameters: "", dpopNonceRequired: 1 }, "dpopNonceRequired: expected a boolean"],
  [
    "authToken",
    { parameters: "", cimdOptions: { httpPermitted: "no" } },
    "cimdOptions.httpPermitted: expected a boolean",
  ],
  [
    "authToken",
    { parameters: "", cimdOptions: { unheard: true } },
    "cimdOptions.unheard: unknown member",
  ],
  ["authToken", { parameters: "", client_id: SECRET }, "client_id: unknown member"],
  ["authTokenFail", { ticket: SECRET }, "reason: missing"],
  ["authTokenFail", { reason: "UNKNOWN" }, "ticket: missing"],
  ["authTokenFail", { ticket: SECRET, reason: 1 }, "reason: expected a string"],
  ["authTokenIssue", { ticket: SECRET }, "subject: missing"],
  ["authTokenIssue", { subject: SECRET }, "ticket: missing"],
  ["idtokenReissue", { accessToken: SECRET }, "refreshToken: missing"],
  [
    "idtokenReissue",
    { accessToken: SECRET, refreshToken: SECRET, claims: { email: SECRET } },
    "claims: expected a string",
  ],
];

export function behaviours({ pkg }) {
  const { AuthleteClient, AuthleteError } = pkg;
  const refusedWithoutSending = async (operation, request) => {
    const authlete = upstream({ action: "OK" });
    const error = await rejection(
      pkg[operation](
        new AuthleteClient({ serviceId: "1", bearer: SECRET, fetch: authlete.fetch }),
        request,
      ),
    );
    ok(error instanceof AuthleteError, "an AuthleteError");
    equal(error.code, "ERR_AUTHLETE_REQUEST_INVALID", "code");
    equal(error.operation, operation, "operation");
    equal(authlete.calls.length, 0, "calls");
    for (const text of [error.message, error.stack, JSON.stringify(error)])
      ok(!text.includes(SECRET), "no value of the request is told");
    return error.message;
  };

  return {
    "a member that is missing, unknown or of the wrong type is refused, and the error has its path":
      async () => {
        for (const [operation, request, expected] of wrong) {
          const message = await refusedWithoutSending(operation, request);
          ok(
            message.startsWith(`${operation}: ${expected}`),
            `${message} – should say ${expected}`,
          );
        }
      },

    "a getter or proxy that throws is a wrong request, and the error does not say what it threw":
      async () => {
        const getter = {
          parameters: "",
          get clientSecret() {
            throw new Error(SECRET);
          },
        };
        match(await refusedWithoutSending("authToken", getter), /: could not be read$/);
        const proxy = new Proxy(
          {},
          {
            get: () => {
              throw new Error(SECRET);
            },
          },
        );
        await refusedWithoutSending("authToken", proxy);
        const keys = new Proxy(
          { parameters: "" },
          {
            ownKeys: () => {
              throw new Error(SECRET);
            },
          },
        );
        const authlete = upstream({ action: "OK" });
        const error = await rejection(
          pkg.authToken(
            new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch }),
            keys,
          ),
        );
        ok(
          error instanceof AuthleteError && !String(error.stack).includes(SECRET),
          "an AuthleteError without what was thrown",
        );
      },

    "the first argument must be an AuthleteClient": async () => {
      for (const authlete of [undefined, null, {}, "x", Object.create(AuthleteClient.prototype)]) {
        const error = await rejection(pkg.authToken(authlete, { parameters: "" }));
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
        match(
          error.message,
          authlete ? /^authlete: expected an AuthleteClient/ : /^authlete: missing$/,
        );
      }
    },
  };
}
