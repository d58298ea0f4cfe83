// Contenders that make one `/auth/token` call and give the answer as an object.
import { Authlete, HTTPClient } from "@authlete/typescript-sdk";
import { AuthleteClient, authToken } from "authlete-token";
import { checkResult, headers, request, service, stub, url, watched } from "./exchange.mjs";
import { readAnswer, withDeadline, writeRequest } from "./guarantees.mjs";

/** Simple hand-written code. */
export function byHand(fetch) {
  return async () => {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(request) });
    return response.json();
  };
}

/** The same with a deadline, the short way. Its timers outlive the calls. */
function timeoutSignal(fetch) {
  return async () => {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify(request),
      signal,
    });
    return response.json();
  };
}

/** The same with a deadline whose timer is cleared. */
function clearedTimer(fetch) {
  return () =>
    withDeadline(async (signal) => {
      const response = await fetch(url, {
        method: "POST",
        headers,
        body: JSON.stringify(request),
        signal,
      });
      return await response.json();
    });
}

/** The same with the guarantees of this package's transport. */
function guarded(fetch) {
  return () =>
    withDeadline(async (signal) => {
      const init = {
        method: "POST",
        headers,
        body: writeRequest(request),
        signal,
        redirect: "manual",
      };
      return await readAnswer(await fetch(url, init));
    });
}

function ours(fetch) {
  const authlete = new AuthleteClient({ ...service, fetch });
  return () => authToken(authlete, request);
}

function sdk(fetch) {
  const { serverURL, bearer, serviceId } = service;
  const authlete = new Authlete({
    serverURL,
    bearer,
    httpClient: new HTTPClient({ fetcher: fetch }),
  });
  return () => authlete.token.process({ serviceId, tokenRequest: request });
}

/**
 * A contender over `answer`: its label in the table, `check()`, and `make()`, which returns the
 * function to call.
 */
function contender(label, over, answer, withLength = true) {
  return {
    label,
    make: () => over(stub(answer, withLength)),
    check: async () => {
      const { fetch, settle } = watched(answer);
      checkResult(await over(fetch)(), answer);
      await settle();
      checkResult(await over(stub(answer, withLength))(), answer);
    },
  };
}

/** The contenders by name, over one answer. */
export const operations = (answer) => ({
  floor: contender("by hand: fetch and JSON", byHand, answer),
  timeoutSignal: contender("by hand, AbortSignal.timeout", timeoutSignal, answer),
  clearedTimer: contender("by hand, AbortController and timer", clearedTimer, answer),
  guarded: contender("by hand, the guarantees of authlete-token", guarded, answer),
  ours: contender("authlete-token", ours, answer),
  oursUnframed: contender("authlete-token, no content-length", ours, answer, false),
  sdk: contender("@authlete/typescript-sdk", sdk, answer),
});
