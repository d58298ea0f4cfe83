// Many token requests at once, hooks that take their time, and hooks that call back into the
// package: each request gets its own answer.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { json, never, pause } from "../support/upstream.mjs";
import { checkedAnswer, checkedError, tokenRequest } from "./token-request.mjs";

/** Delays, so that answers come out of order, and many at the same time. */
const delay = (index) => (index * 7) % 13;

export function behaviours({ pkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  const client = (fetch) => new AuthleteClient({ serviceId: "1", bearer: "b", fetch });

  /** Authlete: the number in the parameters, ticket or token decides the answer and its time. */
  const authlete = client(async (url, init) => {
    const asked = JSON.parse(init.body);
    const index = Number(/\d+$/.exec(asked.parameters ?? asked.ticket ?? asked.refreshToken)[0]);
    await pause(delay(index + 3));
    const echo = (from) => ({
      action: "OK",
      responseContent: JSON.stringify({ echo: `${from} ${index}` }),
    });
    if (url.endsWith("/issue")) return json(echo(`issued for ${asked.subject}, ticket`));
    if (url.endsWith("/fail")) return json({ ...echo("failed, ticket"), action: "BAD_REQUEST" });
    if (url.endsWith("/reissue")) return json(echo(`reissued with ${asked.claims}, token`));
    const action = ["OK", "PASSWORD", "PASSWORD", "TOKEN_EXCHANGE", "ID_TOKEN_REISSUABLE"][
      index % 5
    ];
    const credentials = {
      ticket: `t${index}`,
      username: `user-${index}`,
      password: `${index % 5}`,
    };
    return json({
      ...echo("asked"),
      action,
      ...credentials,
      accessToken: `a${index}`,
      refreshToken: `r${index}`,
      subject: `${index}`,
    });
  });
  const hooks = {
    authenticateUser: async (username, password) => {
      await pause(delay(username.length + Number(password)));
      return password === "1" ? username : null;
    },
    tokenExchange: async (response, request) => {
      await pause(delay(Number(response.subject)));
      return Response.json({ echo: `exchanged by ${new URL(request.url).search.slice(1)}` });
    },
    reissueIdToken: (response) =>
      pause(delay(Number(response.subject))).then(() => ({ claims: `claims-${response.subject}` })),
  };
  const expected = (index) =>
    [
      `asked ${index}`,
      `issued for user-${index}, ticket ${index}`,
      `failed, ticket ${index}`,
      `exchanged by ${index}`,
      `reissued with claims-${index}, token ${index}`,
    ][index % 5];
  const handled = async (index, more) => {
    const request = tokenRequest({ url: `https://as.example/token?${index}`, body: `n=${index}` });
    return (await (await handleTokenRequest(request, { authlete, ...hooks, ...more })).json()).echo;
  };

  /**
   * Runs a password request whose hook calls the package with `inner`; the result of that is the
   * subject.
   */
  const reentering = async (inner) => {
    const subjects = [];
    const outer = client(async (url, init) => {
      if (url.endsWith("/auth/token"))
        return json({ action: "PASSWORD", ticket: "t", username: "u", password: "p" });
      subjects.push(JSON.parse(init.body).subject);
      return json({ action: "OK", responseContent: '{"access_token":"x"}' });
    });
    await checkedAnswer(
      await handleTokenRequest(tokenRequest(), { authlete: outer, authenticateUser: inner }),
      200,
    );
    return subjects.join();
  };
  const ok200 = client(async () =>
    json({ action: "OK", subject: "inner", responseContent: '{"echo":"inner"}' }),
  );

  return {
    "fifty requests at once, through every kind of hook, get their own answers": async () => {
      const indexes = Array.from({ length: 50 }, (_, index) => index);
      deepEqual(
        await Promise.all(indexes.map((index) => handled(index))),
        indexes.map(expected),
        "answers",
      );
    },

    "requests that come while others are answered get their own answers": async () => {
      const chains = Array.from({ length: 10 }, async (_, chain) => {
        for (let index = chain; index < 50; index += 10)
          equal(await handled(index), expected(index), "answer");
      });
      await Promise.all(chains);
    },

    "a hook that fails or hangs affects no other request": async () => {
      const broken = {
        authenticateUser: (username) =>
          username.length % 2 === 0 ? pause(5).then(() => Promise.reject(new Error("x"))) : never(),
        hookTimeoutMs: 250,
      };
      const indexes = Array.from({ length: 50 }, (_, index) => index);
      const failing = (index) => [1, 2].includes(index % 5) && index % 2 === 0;
      const answers = await Promise.all(
        indexes.map((index) => handled(index, failing(index) ? broken : {})),
      );
      for (const index of indexes)
        equal(answers[index], failing(index) ? undefined : expected(index), `answer ${index}`);
    },

    "a hook may call the package, at once and later": async () => {
      const inner = async () => (await authToken(ok200, { parameters: "" })).subject;
      equal(await reentering(inner), "inner", "an operation");
      equal(await reentering(() => pause(2).then(inner)), "inner", "an operation, later");
      const nested = async () =>
        (await (await handleTokenRequest(tokenRequest(), { authlete: ok200 })).json()).echo;
      equal(await reentering(nested), "inner", "a token request");
      equal(await reentering(() => pause(2).then(nested)), "inner", "a token request, later");
      equal(
        await reentering(() => reentering(() => reentering(() => "deep"))),
        "deep",
        "three deep",
      );
    },

    "a function of the options may call the package before it returns": async () => {
      const calls = [];
      // Each of them is called in the middle of a turn of the outer request.
      const inside = () => {
        calls.push(
          authToken(ok200, { parameters: "" }),
          handleTokenRequest(tokenRequest(), { authlete: ok200 }),
        );
      };
      const bearer = () => {
        inside();
        return "b";
      };
      const fetch = async () => {
        inside();
        return json({ action: "OK", responseContent: "{}" });
      };
      const outer = new AuthleteClient({ serviceId: "1", bearer, fetch, onEvent: inside });
      const tokenRequestHook = () => {
        inside();
        return {};
      };
      await checkedAnswer(
        await handleTokenRequest(tokenRequest(), {
          authlete: outer,
          tokenRequest: tokenRequestHook,
          onEvent: inside,
        }),
        200,
      );
      await checkedError(
        await handleTokenRequest(tokenRequest({ type: "text/plain" }), {
          authlete: outer,
          onEvent: inside,
        }),
        400,
        "invalid_request",
      );
      const outcomes = await Promise.all(calls);
      equal(outcomes.length, 10, "calls from inside");
      ok(
        outcomes.every((outcome) => outcome.subject === "inner" || outcome.status === 200),
        "all of them have their answers",
      );
    },
  };
}
