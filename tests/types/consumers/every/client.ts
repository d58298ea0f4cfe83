// The client and its options, right and wrong. Each `@ts-expect-error` is a mistake that the
// declarations must catch.
import { AuthleteClient, type AuthleteClientOptions, authToken, type Fetch } from "authlete-token";

declare const optional: string | undefined;

const required = { serviceId: "715948317", bearer: "secret" };
new AuthleteClient(required);
new AuthleteClient({ ...required, bearer: () => "secret", fetch: (url, init) => fetch(url, init) });
new AuthleteClient({
  ...required,
  bearer: async () => "secret",
  fetch: fetch,
  retry: { attempts: 3, maxDelayMs: 1_000 },
  headers: { "x-trace": "1" },
});
// An environment variable may be undefined, also under exactOptionalPropertyTypes.
new AuthleteClient({
  ...required,
  serverURL: optional,
  timeoutMs: undefined,
  retry: undefined,
  onEvent: undefined,
});
// A Worker's binding, whose fetch also accepts other arguments.
declare const binding: {
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
};
new AuthleteClient({ ...required, fetch: (url, init) => binding.fetch(url, init) });
const standIn: Fetch = async (url, init) =>
  new Response(`${url.length} ${String(init.body).length}`);
const frozen: Readonly<AuthleteClientOptions> = { ...required, fetch: standIn };
const authlete = new AuthleteClient(frozen);

// @ts-expect-error the bearer is missing
new AuthleteClient({ serviceId: "1" });
// @ts-expect-error the options are missing
new AuthleteClient();
// @ts-expect-error the ID of the service is a string
new AuthleteClient({ ...required, serviceId: 715948317 });
// @ts-expect-error no such option
new AuthleteClient({ ...required, serverUrl: "https://us.authlete.com" });
// @ts-expect-error null is not accepted
new AuthleteClient({ ...required, timeoutMs: null });
// @ts-expect-error attempts is missing
new AuthleteClient({ ...required, retry: { maxDelayMs: 1 } });
// @ts-expect-error a header has one value
new AuthleteClient({ ...required, headers: { accept: ["a", "b"] } });
// @ts-expect-error a class is constructed with `new`
AuthleteClient(required);
// @ts-expect-error another object is not a client
authToken({}, { parameters: "" });
// @ts-expect-error the bearer can't be read back
authlete.bearer;

authToken(
  authlete,
  { parameters: "" },
  { signal: new AbortController().signal, timeoutMs: 500, headers: { "x-trace": "1" } },
);
authToken(authlete, { parameters: "" }, { signal: undefined, timeoutMs: undefined });
// @ts-expect-error no such option
authToken(authlete, { parameters: "" }, { timeout: 500 });
