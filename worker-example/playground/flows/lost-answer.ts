// A refresh whose answer never arrived, and its repetition.
import type { Flow, Setup } from "../model";
import { refreshCode } from "./client-code";
import { tokensAtOnce } from "./login";
import { connect, noRefreshingClient, refreshingClients, scopeOf, userOptions } from "./options";
import { tokenWorker } from "./worker-code";

const clients = (setup: Setup) => refreshingClients(setup);

export const lostAnswer: Flow = {
  id: "lost-answer",
  title: "A lost answer",
  summary: "The connection breaks during a refresh. The app asks again, and is not logged out.",
  group: "Keep tokens",
  options: (setup, choices) => userOptions(clients(setup), setup, choices, "openid profile"),
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noRefreshingClient);
    const tokens = await tokensAtOnce(run, app, scopeOf(run));
    const lost = await run.step(
      {
        title: "The app refreshes, and the answer is lost",
        about:
          "The server has replaced the refresh token, but suppose that its answer never reaches the app, which still has only the old one.",
        expected: "success",
        code: { oauth4webapi: refreshCode("tokens", "lost"), worker: tokenWorker() },
      },
      async (step) => {
        const lost = await app.refresh(step, tokens);
        step.verdict("For the server the old token is used up. The app does not know that.");
        return lost;
      },
    );
    await run.step(
      {
        title: "The app asks again",
        about:
          "It sends the same request with the old refresh token. Usually that looks like theft, and ends the login (RFC 9700 §4.14.2). With refreshTokenIdempotent, the server tells a repetition from theft: for a minute, or until the new refresh token is used.",
        expected: "success",
        code: { oauth4webapi: refreshCode("tokens", "again"), worker: tokenWorker() },
      },
      async (step) => {
        const again = await app.refresh(step, tokens);
        if (again.access_token !== lost.access_token || again.refresh_token !== lost.refresh_token)
          throw new Error(
            "The repetition brought other tokens: the service does not have refreshTokenIdempotent.",
          );
        const idToken =
          again.id_token === undefined || again.id_token === lost.id_token
            ? ""
            : " Only the ID token was made again.";
        step.verdict(
          `The same access token (…${again.access_token.slice(-4)}) and refresh token (…${again.refresh_token?.slice(-4)}) as in the lost answer: the user stays logged in.${idToken}`,
        );
      },
    );
  },
};
