// Somebody uses an old refresh token: the whole login ends.
import { type ClientApp, refusal, type Tokens } from "../client";
import type { Flow, Run, Setup } from "../model";
import { refreshCode, refusedRefreshCode, refusedUserinfoCode } from "./client-code";
import { tokensAtOnce } from "./login";
import {
  connect,
  noRefreshingClient,
  publicFirst,
  refreshingClients,
  scopeOf,
  thiefHas,
  userOptions,
} from "./options";
import { resourceWorker, tokenWorker } from "./worker-code";

const clients = (setup: Setup) => publicFirst(refreshingClients(setup));

export const refreshReuse: Flow = {
  id: "refresh-reuse",
  title: "A stolen refresh token",
  summary: "A thief uses an old refresh token. Watch the whole login die, the new tokens too.",
  group: "Attack",
  options: (setup, choices) => userOptions(clients(setup), setup, choices, "openid profile"),
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noRefreshingClient);
    const tokens = await tokensAtOnce(run, app, scopeOf(run));
    const second = await refreshOnce(run, app, tokens, {
      title: "The app refreshes",
      about: "Suppose that the first refresh token has been copied before, from a backup or a log.",
      verdict: "The app has a second refresh token. The thief has the first one.",
      names: ["tokens", "second"],
    });
    const third = await refreshOnce(run, app, second, {
      title: "The app refreshes again",
      about:
        "Now the app has surely got the second refresh token: nobody honest needs the first one any more.",
      verdict: "The app has a third refresh token.",
      names: ["second", "third"],
    });
    await run.step(
      {
        title: "The thief uses the first refresh token",
        about: `${thiefHas(app)} Two parties now have tokens of one login, and the server can’t tell which of them is the thief. So it ends the login (RFC 9700 §4.14.2).`,
        expected: "refusal",
        code: { oauth4webapi: refusedRefreshCode("tokens", "stolen"), worker: tokenWorker() },
      },
      async (step) => {
        const error = await refusal(app.refresh(step, tokens));
        if (error !== undefined)
          step.verdict(
            `Refused with ${error}. The server has also revoked all that this login gave. The engine knows why; a client is told less on purpose, whoever it is.`,
          );
      },
    );
    await run.step(
      {
        title: "The app’s newest refresh token",
        about: "What becomes of the token that nobody has stolen?",
        expected: "refusal",
        code: { oauth4webapi: refusedRefreshCode("third", "honest"), worker: tokenWorker() },
      },
      async (step) => {
        const error = await refusal(app.refresh(step, third));
        if (error !== undefined)
          step.verdict(
            `Refused with ${error}, since step 4 has ended the login: the user has to log in again. The thief can’t.`,
          );
      },
    );
    await run.step(
      {
        title: "The app’s newest access token",
        about:
          "It has not expired yet. UserInfo calls verifyAccess, a function of the engine beside the four APIs.",
        expected: "refusal",
        code: { oauth4webapi: refusedUserinfoCode("third"), worker: resourceWorker },
      },
      async (step) => {
        const error = await refusal(app.userinfo(step, third));
        if (error !== undefined)
          step.verdict(`Refused with ${error}: the access tokens have ended with the login.`);
      },
    );
  },
};

/** A step with an honest refresh. */
function refreshOnce(
  run: Run,
  app: ClientApp,
  tokens: Tokens,
  text: {
    readonly title: string;
    readonly about: string;
    readonly verdict: string;
    readonly names: readonly [from: string, to: string];
  },
): Promise<Tokens> {
  const code = { oauth4webapi: refreshCode(...text.names), worker: tokenWorker() };
  const { title, about } = text;
  return run.step({ title, about, expected: "success", code }, async (step) => {
    const refreshed = await app.refresh(step, tokens);
    if (refreshed.refresh_token === tokens.refresh_token)
      throw new Error(
        "This service keeps refresh tokens (refreshTokenKept): there is no old one that could be used. Choose a public client.",
      );
    step.verdict(text.verdict);
    return refreshed;
  });
}
