// Tokens that are bound to a key of the app (DPoP), at a server that asks for nonces.
import { dpopKey, refusal } from "../client";
import type { Flow, Setup } from "../model";
import { dpopTokens, userinfoCode } from "./client-code";
import { logInAtOnce } from "./login";
import {
  boundClients,
  connect,
  hasOpenid,
  isPublic,
  leftOut,
  noLoginClient,
  scopeOf,
  userOptions,
} from "./options";
import { resourceWorker, tokenWorker } from "./worker-code";

const clients = (setup: Setup) => boundClients(setup);

const useToken = "The app uses the access token";

export const dpop: Flow = {
  id: "dpop",
  title: "Tokens bound to a key",
  summary: "DPoP: a token is worth nothing without a key that never leaves the app.",
  group: "Protect tokens",
  options: (setup, choices) => userOptions(clients(setup), setup, choices, "openid profile"),
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noLoginClient);
    const scope = scopeOf(run);
    const { login, callback } = await logInAtOnce(run, app, scope);
    const key = { dpop: await dpopKey() };
    await run.step(
      {
        title: "The app proves that it has a key",
        about:
          "It signs method and address of its request with a new key, and sends that proof along (RFC 9449 §4). This server also wants a value of its own in the proof, a nonce, so that no proof can be made in advance (§8).",
        expected: "refusal",
        code: { oauth4webapi: dpopTokens.first, worker: tokenWorker() },
      },
      async (step) => {
        const error = await refusal(app.redeem(step, login, callback, key));
        if (error === undefined)
          throw new Error(
            "The server asks for no nonce: its configuration does not have dpopNonceRequired.",
          );
        if (error !== "use_dpop_nonce")
          throw new Error(`The server was expected to ask for a nonce, and refused with ${error}.`);
        step.verdict(
          `Refused with ${error}, and the nonce is in the header DPoP-Nonce. Nothing was used up: the code is still good.`,
        );
      },
    );
    const tokens = await run.step(
      {
        title: "The app repeats it with the nonce",
        about: "The same request, with a new proof that contains the nonce.",
        expected: "success",
        code: { oauth4webapi: dpopTokens.second, worker: tokenWorker() },
      },
      async (step) => {
        const tokens = await app.redeem(step, login, callback, key);
        const refreshToken =
          isPublic(app.registered) && tokens.refresh_token !== undefined
            ? " So does the refresh token, since the client is public."
            : "";
        step.verdict(
          `The token type is DPoP: the access token belongs to this key.${refreshToken}${leftOut(useToken, tokens)}`,
        );
        return tokens;
      },
    );
    if (!hasOpenid(tokens.scope)) return;
    await run.step(
      {
        title: useToken,
        about:
          "Each use needs a new proof, which also names the token by its hash (RFC 9449 §7). verifyAccess, a function of the engine beside the four APIs, checks both.",
        expected: "success",
        code: {
          oauth4webapi: userinfoCode("tokens", "{ ...options, DPoP }"),
          worker: resourceWorker,
        },
      },
      async (step) => {
        const { name, sub } = await app.userinfo(step, tokens, key);
        step.verdict(
          `Token and proof fit together: the claims of ${name ?? sub} are in the answer.`,
        );
      },
    );
  },
};
