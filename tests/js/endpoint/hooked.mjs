// Token requests that hooks answer, with the recorded answers of Authlete.
import { ok } from "../support/assert.mjs";
import { upstream } from "../support/upstream.mjs";
import { ownEvents, tokenRequest } from "./token-request.mjs";

/** What hooks throw: it must show nowhere. */
export const SECRET = "S3CRET-marker";
export const thrower = () => {
  throw new Error(SECRET);
};

/** `run`, `body` (the body of a recorded answer of Authlete), and some such bodies. */
export function hooked({ pkg, fixtures }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const body = (name) => fixtures.find((fixture) => fixture.name === name).json.apiResponse.body;
  const password = body("authToken.PASSWORD");
  const issued = body("authTokenIssue.OK");
  const failed = body("authTokenFail.BAD_REQUEST");
  const reissuable = body("authToken.ID_TOKEN_REISSUABLE");
  const reissued = body("idtokenReissue.OK");

  /**
   * Runs a request with these answers of Authlete; returns the calls after `/auth/token`, the
   * endpoint's answer, and the events.
   */
  const run = async (answers, options, client = {}, request = tokenRequest()) => {
    const authlete = upstream(...answers);
    const events = [];
    const details = [];
    const response = await handleTokenRequest(request, {
      authlete: new AuthleteClient({
        serviceId: "1",
        bearer: "b",
        fetch: authlete.fetch,
        ...client,
      }),
      hookTimeoutMs: 250,
      onEvent: (event, more) => {
        events.push(event);
        if (event.type === "hook_failed") details.push(more);
      },
      ...options,
    });
    const calls = authlete.calls
      .slice(1)
      .map((call) => ({ path: call.url.split("/api/1/")[1], ...call.body }));
    ok(
      !JSON.stringify([...response.headers, ...events]).includes(SECRET) &&
        !(await response.clone().text()).includes(SECRET),
      "no secret shows",
    );
    return { response, calls, events: ownEvents(events), details, request };
  };

  return { run, body, password, issued, failed, reissuable, reissued };
}
