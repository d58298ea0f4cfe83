// A refresh that brings a new ID token.
import type { Flow, Run, Setup } from "../model";
import { getValidatedIdTokenClaims } from "oauth4webapi";
import type { Tokens } from "../client";
import { refreshCode } from "./client-code";
import { tokensAtOnce } from "./login";
import {
  connect,
  hasOpenid,
  noRefreshingClient,
  refreshingClients,
  scopeOf,
  userOptions,
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
  group: "Keep tokens",
  options: (setup, choices) => userOptions(clients(setup), setup, choices, "openid profile email"),
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noRefreshingClient);
    const tokens = await tokensAtOnce(run, app, scopeOf(run));
    const promised = hasOpenid(tokens.scope);
    await run.step(
      {
        title: "The app refreshes its tokens",
        about: promised
          ? "The API has made new tokens, and answers ID_TOKEN_REISSUABLE: an ID token may come along (OpenID Connect Core §12.2). The endpoint asks its hook reissueIdToken, a function that you write, what that should say, then calls /idtoken/reissue. The app waits for the next second first, so that the times differ."
          : "The login was without the scope openid, so this is an ordinary refresh: the API answers OK.",
        expected: "success",
        code: { oauth4webapi: refreshCode("tokens", "refreshed"), worker },
      },
      async (step) => {
        await nextSecond(run, tokens);
        const refreshed = await app.refresh(step, tokens);
        if (!promised)
          step.verdict(
            "Without the scope openid there is no ID token to renew. Add openid to the scope.",
          );
        else if (refreshed.id_token === undefined)
          throw new Error(
            "There is no new ID token: the service needs idTokenReissuable, and the hook reissueIdToken has to return claims.",
          );
        else step.verdict(comparison(tokens, refreshed));
      },
    );
  },
};

/** Waits until a new ID token would be of another second than the one in `tokens`. */
async function nextSecond({ signal }: Run, tokens: Tokens): Promise<void> {
  const { iat } = getValidatedIdTokenClaims(tokens) ?? {};
  if (iat === undefined) return;
  const wait = (iat + 1) * 1000 - Date.now();
  // A server whose clock is ahead of this one's is not waited for.
  await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(wait, 0), 1100)));
  signal.throwIfAborted();
}

/** What has become of the claims. */
function comparison(before: Tokens, after: Tokens): string {
  const [old, fresh] = [before, after].map((tokens) => getValidatedIdTokenClaims(tokens));
  if (old === undefined || fresh === undefined) return "There is a new ID token.";
  const same = ["sub", "auth_time"].filter((name) => name in fresh && fresh[name] === old[name]);
  const time =
    fresh.iat === old.iat ? "" : `: iat was ${timeOf(old.iat)}, and is ${timeOf(fresh.iat)}`;
  const kept = same.length === 0 ? "" : ` Unchanged since the login: ${same.join(" and ")}.`;
  const asked = Object.keys(fresh).filter((name) => !ofEveryToken.includes(name));
  const looked = asked.length === 0 ? "" : ` Looked up again by the hook: ${asked.join(", ")}.`;
  return `There is a second ID token for the same login${time}.${kept}${looked}`;
}

const timeOf = (seconds: number) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

/** Claims that do not come from the hook. */
const ofEveryToken = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "azp", "at_hash"];
