// Memory over many calls: traps leave nothing behind, and many long messages leave no more than the
// first one.
import { equal, ok } from "../support/assert.mjs";
import { json, never, pause } from "../support/upstream.mjs";
import { healthyCall, trappingCall, watchMemory } from "../support/wasm-memory.mjs";
import { tokenRequest } from "../endpoint/token-request.mjs";

const LONG = "x".repeat(60 << 10);

/** `traps` is the number of traps. */
export function behaviours({ pkg, traps = 1_000 }) {
  const { AuthleteClient, authToken, authTokenIssue, handleTokenRequest, idtokenReissue } = pkg;
  const client = (answer, more) =>
    new AuthleteClient({ serviceId: "1", bearer: "b", fetch: async () => json(answer), ...more });
  const short = client('{"action":"OK","responseContent":"{}"}');
  const content = JSON.stringify({
    action: "OK",
    responseContent: JSON.stringify({ access_token: LONG }),
  });
  const long = client(content);
  // What is checked in WebAssembly: `null` and an integer that a number would round.
  const suspect = client(
    `{"action":"OK","ticket":null,"clientId":9007199254740993,"subject":"${LONG}"}`,
  );
  const failing = client(JSON.stringify({ resultCode: "A001", resultMessage: LONG }));
  const ofRequest = async (authlete, body) => {
    const response = await handleTokenRequest(tokenRequest({ body }), { authlete });
    equal(response.status, 200, "status");
    await response.arrayBuffer();
  };
  /** One call after the other, the long ones among short ones. */
  const mix = [
    () => authToken(short, { parameters: LONG }),
    () => ofRequest(short, `grant_type=x&padding=${LONG}`),
    () => authToken(short, { parameters: "" }),
    () => ofRequest(long, "grant_type=x"),
    () => authTokenIssue(suspect, { ticket: "t", subject: "s", jwtAtClaims: LONG }),
    () => ofRequest(short, "grant_type=x"),
    () => idtokenReissue(long, { accessToken: LONG, refreshToken: LONG }),
    () => authToken(failing, { parameters: "" }).catch(() => {}),
    () => authToken(short, { parameters: LONG, unheard: LONG }).catch(() => {}),
    () => ofRequest(long, `grant_type=x&padding=${LONG}`),
  ];
  const calls = async (count) => {
    for (let index = 0; index < count; index += 1) await mix[index % mix.length]();
  };

  return {
    "ten thousand calls with long messages need no more memory than two thousand": async () => {
      const { pages, made } = await watchMemory(pkg);
      await calls(2_000);
      const early = pages();
      await calls(8_000);
      equal(pages(), early, "pages of memory");
      equal(made(), 1, "instances");
      ok(early < 64, `not even four megabytes, but ${early} pages`);
    },

    "many traps with healthy calls between leave memory as it was": async () => {
      const { pages, made, alive } = await watchMemory(pkg);
      const before = pages();
      for (let count = 0; count < traps; count += 1) {
        await trappingCall(pkg);
        await healthyCall(pkg);
        // Weakly held objects are freed only between two tasks of the event loop.
        if (count % 20 === 0) await pause(0);
      }
      equal(made(), traps + 1, "instances, one for each trap and the first");
      equal(pages(), before, "pages of memory");
      // The host decides when it collects. But of all these instances of a megabyte each, at least
      // one must have been collected.
      ok(alive() < traps + 1, "instances that were used up are let go");
    },

    "a signal that outlives its calls keeps no listener of theirs": async () => {
      const { signal } = new AbortController();
      let listeners = 0;
      let added = 0;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...all) => {
        listeners += 1;
        added += 1;
        add(...all);
      };
      signal.removeEventListener = (...all) => {
        listeners -= 1;
        remove(...all);
      };
      const outcomes = [
        short,
        failing,
        client("{"),
        client("", { fetch: () => Promise.reject(new Error("x")) }),
        client("", { fetch: never, timeoutMs: 10 }),
      ];
      for (const authlete of outcomes)
        await authToken(authlete, { parameters: "" }, { signal }).catch(() => {});
      await authToken(short, { parameters: 1 }, { signal }).catch(() => {});
      equal(listeners, 0, "listeners");
      equal(added, outcomes.length, "listeners while the calls ran");
    },

    "long messages in flight at once need memory, and the next ones need no more": async () => {
      const { pages } = await watchMemory(pkg);
      const wave = () =>
        Promise.all(Array.from({ length: 50 }, (_, index) => mix[index % mix.length]()));
      for (let count = 0; count < 5; count += 1) await wave();
      const early = pages();
      for (let count = 0; count < 20; count += 1) await wave();
      equal(pages(), early, "pages of memory");
    },
  };
}
