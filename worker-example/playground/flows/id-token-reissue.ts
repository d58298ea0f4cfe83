// A refresh that brings a new ID token.
import type { Flow, Setup } from "../model";
import { refreshCode } from "./client-code";
import { tokensAtOnce } from "./login";
import {
  chosen,
  clientOptions,
  connect,
  noRefreshingClient,
  refreshingClients,
  scopeOf,
  scopeOption,
  userOption,
} from "./options";
import { tokenWorker } from "./worker-code";

const clients = (setup: Setup) =>
  refreshingClients(setup).filter(({ scope }) => scope?.split(" ").includes("openid") ?? true);

const worker = tokenWorker(`    reissueIdToken: async ({ subject, requestedIdTokenClaims }) => ({
      claims: JSON.stringify(await currentClaims(subject, requestedIdTokenClaims)),
    }),
`);

export const idTokenReissue: Flow = {
  id: "id-token-reissue",
  title: "A fresh ID token",
  summary: "A refresh brings a new ID token, with what the server knows about the user today.",
  group: "Keep them",
  options: (setup, choices) => [
    ...clientOptions(clients(setup), choices),
    ...scopeOption(chosen(clients(setup), choices), "openid profile email"),
    ...userOption(setup),
  ],
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noRefreshingClient);
    const tokens = await tokensAtOnce(run, app, scopeOf(run));
    await run.step(
      {
        title: "The app refreshes its tokens",
        about:
          "The API has made new tokens, and answers ID_TOKEN_REISSUABLE: an ID token may come along (OpenID Connect Core §12.2). The endpoint asks its hook what that should say, then calls /idtoken/reissue.",
        expected: "success",
        code: { oauth4webapi: refreshCode("tokens", "refreshed"), worker },
      },
      async (step) => {
        const { id_token } = await app.refresh(step, tokens);
        if (id_token === undefined)
          throw new Error(
            "There is no new ID token: the scope openid was not granted, or the service’s idTokenReissuable is false.",
          );
        step.verdict(
          "A new ID token: iat is new, sub and auth_time are those of the login. If it had failed, the app would still have got its other tokens.",
        );
      },
    );
  },
};
