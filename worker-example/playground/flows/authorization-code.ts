// The authorization code grant with PKCE, through the real login page.
import type { Flow, Setup } from "../model";
import { redeemCode, userinfoCode } from "./client-code";
import { logIn } from "./login";
import {
  chosen,
  clientOptions,
  connect,
  hasOpenid,
  leftOut,
  loginClients,
  noLoginClient,
  scopeOf,
  scopeOption,
} from "./options";
import { resourceWorker, tokenWorker } from "./worker-code";

const clients = (setup: Setup) => loginClients(setup);

const useToken = "The app uses the access token";

export const authorizationCode: Flow = {
  id: "authorization-code",
  title: "A user logs in",
  summary:
    "Authorization code grant with PKCE: a user logs in, and the app gets tokens for that user.",
  group: "Get tokens",
  options: (setup, choices) => [
    ...clientOptions(clients(setup), choices),
    ...scopeOption(chosen(clients(setup), choices), "openid profile email"),
  ],
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noLoginClient);
    const { login, callback } = await logIn(run, app, scopeOf(run));
    const tokens = await run.step(
      {
        title: "The app exchanges the code",
        about:
          "The app sends the code straight to the token endpoint, says who it is, and shows the secret of step 1 (code_verifier). Whoever has only seen the code in the browser can’t do that.",
        expected: "success",
        code: { oauth4webapi: redeemCode(), worker: tokenWorker() },
      },
      async (step) => {
        const tokens = await app.redeem(step, login, callback);
        step.verdict(
          (tokens.id_token === undefined
            ? "The app has an access token for this user."
            : "The app has an access token for this user, and an ID token that says who it is.") +
            leftOut(useToken, tokens),
        );
        return tokens;
      },
    );
    if (!hasOpenid(tokens.scope)) return;
    await run.step(
      {
        title: useToken,
        about:
          "With the access token, the app asks for the claims that the scopes permit (OpenID Connect Core §5.3). There the server calls verifyAccess, a function of the engine beside the four APIs.",
        expected: "success",
        code: {
          oauth4webapi: userinfoCode(),
          worker: resourceWorker,
        },
      },
      async (step) => {
        const claims = await app.userinfo(step, tokens);
        step.verdict(`The token is good: it belongs to ${claims.name ?? claims.sub}.`);
      },
    );
  },
};
