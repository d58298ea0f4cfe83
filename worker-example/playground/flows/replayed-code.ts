// An authorization code is used twice.
import * as oauth from "oauth4webapi";
import { refusal } from "../client";
import type { Flow, Setup } from "../model";
import { redeemCode, refusedUserinfoCode, stolenCode } from "./client-code";
import { logInAtOnce } from "./login";
import {
  connect,
  loginClients,
  noLoginClient,
  publicFirst,
  scopeOf,
  thiefHas,
  userOptions,
} from "./options";
import { resourceWorker, tokenWorker } from "./worker-code";

const clients = (setup: Setup) => publicFirst(loginClients(setup));

export const replayedCode: Flow = {
  id: "replayed-code",
  title: "A code that is used twice",
  summary: "An authorization code is good once. A second use also ends what the first one gave.",
  group: "Attack",
  options: (setup, choices) => userOptions(clients(setup), setup, choices, "openid profile"),
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noLoginClient);
    const { login, callback } = await logInAtOnce(run, app, scopeOf(run));
    const tokens = await run.step(
      {
        title: "The app exchanges the code",
        about: "As usual. The code is now used up.",
        expected: "success",
        code: { oauth4webapi: redeemCode(), worker: tokenWorker() },
      },
      async (step) => {
        const tokens = await app.redeem(step, login, callback);
        step.verdict("The app has its tokens.");
        return tokens;
      },
    );
    await run.step(
      {
        title: "A thief uses the same code",
        about: `Somebody has read the code in the browser, and makes up a code_verifier. ${thiefHas(app)} A code that comes twice has leaked, so the server trusts neither side any more (RFC 6749 §4.1.2).`,
        expected: "refusal",
        code: { oauth4webapi: stolenCode, worker: tokenWorker() },
      },
      async (step) => {
        const stolen = { ...login, verifier: oauth.generateRandomCodeVerifier() };
        const error = await refusal(app.redeem(step, stolen, callback));
        if (error !== undefined)
          step.verdict(
            `Refused with ${error}, and what the first use gave is revoked. The engine knows that the code was used before; a client is told on purpose only that there is no such code.`,
          );
      },
    );
    await run.step(
      {
        title: "The access token of the first use",
        about:
          "It has not expired yet. Is it still good? UserInfo calls verifyAccess, a function of the engine beside the four APIs.",
        expected: "refusal",
        code: { oauth4webapi: refusedUserinfoCode("tokens"), worker: resourceWorker },
      },
      async (step) => {
        const error = await refusal(app.userinfo(step, tokens));
        if (error !== undefined)
          step.verdict(
            `Refused with ${error}: it has ended as well. The user logs in again, and the thief can’t.`,
          );
      },
    );
  },
};
