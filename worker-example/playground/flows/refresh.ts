// The refresh token grant with rotation.
import type { Flow, Setup } from "../model";
import { refreshCode, userinfoCode } from "./client-code";
import { tokensAtOnce } from "./login";
import {
  connect,
  hasOpenid,
  leftOut,
  noRefreshingClient,
  refreshingClients,
  scopeOf,
  userOptions,
} from "./options";
import { resourceWorker, tokenWorker } from "./worker-code";

const clients = (setup: Setup) => refreshingClients(setup);

const useToken = "The app uses the new access token";

export const refresh: Flow = {
  id: "refresh",
  title: "Refresh the tokens",
  summary:
    "Refresh token grant: access tokens are short-lived. A refresh token brings new ones, without the user.",
  group: "Keep tokens",
  options: (setup, choices) => userOptions(clients(setup), setup, choices, "openid profile"),
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noRefreshingClient);
    const tokens = await tokensAtOnce(run, app, scopeOf(run));
    const refreshed = await run.step(
      {
        title: "The app refreshes its tokens",
        about:
          "It shows its refresh token, and who it is (RFC 6749 §6). It gets a new access token, and a new refresh token in place of the old one: so a copy of it does not stay good for long.",
        expected: "success",
        code: { oauth4webapi: refreshCode("tokens", "refreshed"), worker: tokenWorker() },
      },
      async (step) => {
        const refreshed = await app.refresh(step, tokens);
        step.verdict(
          (refreshed.refresh_token === tokens.refresh_token
            ? "There is a new access token. This service keeps refresh tokens: the old one stays."
            : "Both tokens are new. The old refresh token is used up.") +
            leftOut(useToken, refreshed),
        );
        return refreshed;
      },
    );
    if (!hasOpenid(refreshed.scope)) return;
    await run.step(
      {
        title: useToken,
        about:
          "Nobody had to log in again. The server calls verifyAccess, a function of the engine beside the four APIs.",
        expected: "success",
        code: { oauth4webapi: userinfoCode("refreshed"), worker: resourceWorker },
      },
      async (step) => {
        const { name, sub } = await app.userinfo(step, refreshed);
        step.verdict(`The new token is for the same user, ${name ?? sub}.`);
      },
    );
  },
};
