// A token that is bound to a key, in the hands of a thief.
import { type ClientApp, dpopKey, refusal, type Tokens } from "../client";
import type { Flow, Run, Setup, StepActions } from "../model";
import { dpopTokens } from "./client-code";
import { silentLogin, silently } from "./login";
import {
  boundClients,
  chosenUser,
  clientOptions,
  connect,
  noLoginClient,
  userOption,
} from "./options";
import { authorizeWorker, resourceWorker, tokenWorker } from "./worker-code";

const clients = (setup: Setup) => boundClients(setup);
const scope = { scope: "openid" };

export const stolenToken: Flow = {
  id: "stolen-token",
  title: "A stolen access token",
  summary: "A thief has an access token that is bound to a key, and even a proof. Three attempts.",
  group: "Attack",
  options: (setup, choices) => [...clientOptions(clients(setup), choices), ...userOption(setup)],
  async run(run) {
    const app = await connect(run, clients(run.place.setup), noLoginClient);
    const key = { dpop: await dpopKey() };
    const tokens = await boundTokens(run, app, key);
    const proof = await run.step(
      {
        title: "The owner uses the token",
        about:
          "With a proof by its key, which verifyAccess checks, a function of the engine beside the four APIs. Suppose that somebody reads this request, proof and all.",
        expected: "success",
        code: {
          oauth4webapi: `
let copiedProof;
const observed = (url, init) => {
  copiedProof = init.headers.dpop;
  return fetch(url, init);
};
const userinfo = await oauth.userInfoRequest(as, client, tokens.access_token, {
  ...options, DPoP, [oauth.customFetch]: observed,
});
const claims = await oauth.processUserInfoResponse(as, client, oauth.skipSubjectCheck, userinfo);
`,
          worker: resourceWorker,
        },
      },
      async (step) => {
        let proof = "";
        const spied: StepActions = {
          ...step,
          fetch: (input, init) => {
            proof = new Headers(init?.headers).get("dpop") ?? "";
            return step.fetch(input, init);
          },
        };
        await app.userinfo(spied, tokens, key);
        step.verdict("The owner gets the claims. The thief now has token and proof.");
        return proof;
      },
    );
    const code = (attempt: string) => ({
      oauth4webapi: `
${attempt}`,
      worker: resourceWorker,
    });
    await run.step(
      {
        title: "Attempt 1: as a plain bearer token",
        about: "The thief leaves the proof out, and shows the token as an ordinary one.",
        expected: "refusal",
        code: code(`const asBearer = await oauth.userInfoRequest(as, client, tokens.access_token, options);
console.log(asBearer.status, asBearer.headers.get("www-authenticate")); // 401
`),
      },
      async (step) => {
        const error = await refusal(app.userinfo(step, tokens));
        if (error !== undefined)
          step.verdict(`Refused with ${error}: a bound token is no bearer token (RFC 9449 §7.1).`);
      },
    );
    await run.step(
      {
        title: "Attempt 2: with a key of the thief’s own",
        about:
          "The thief makes a key and a flawless proof with it. The server first asks for a nonce, and gives it to anyone: it protects nothing by itself.",
        expected: "refusal",
        code: code(`const own = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
const withOwnKey = () =>
  oauth.userInfoRequest(as, client, tokens.access_token, { ...options, DPoP: own });
await withOwnKey(); // This brings the nonce.
console.log((await withOwnKey()).headers.get("www-authenticate")); // 401
`),
      },
      async (step) => {
        const thief = { dpop: await dpopKey() };
        let error = await refusal(app.userinfo(step, tokens, thief));
        if (error === "use_dpop_nonce") error = await refusal(app.userinfo(step, tokens, thief));
        if (error !== undefined)
          step.verdict(`Refused with ${error}: the token names another key (cnf.jkt).`);
      },
    );
    await run.step(
      {
        title: "Attempt 3: with the owner’s proof",
        about: "The thief sends the copied proof again, with the token that it belongs to.",
        expected: "refusal",
        code: code(`const replayed = await fetch(as.userinfo_endpoint, {
  headers: { authorization: \`DPoP \${tokens.access_token}\`, dpop: copiedProof },
});
console.log(replayed.status, replayed.headers.get("www-authenticate")); // 401
`),
      },
      async (step) => {
        const headers = { authorization: `DPoP ${tokens.access_token}`, dpop: proof };
        const { status } = await step.fetch(app.server.userinfo_endpoint ?? "", { headers });
        if (status >= 400)
          step.verdict(
            "Refused: each proof is good once (RFC 9449 §11.1). The stolen token stays worthless.",
          );
      },
    );
  },
};

/** The preparation: a login, and tokens that are bound to `key`. */
function boundTokens(
  run: Run,
  app: ClientApp,
  key: { dpop: Awaited<ReturnType<typeof dpopKey>> },
): Promise<Tokens> {
  const { username } = chosenUser(run);
  return run.step(
    {
      title: `Preparation: ${username} logs in, and the app gets bound tokens`,
      about:
        "The demo skips its login page here. The flow “Tokens bound to a key” shows each step.",
      expected: "success",
      code: {
        oauth4webapi: silentLogin(run, app, scope) + dpopTokens.first + dpopTokens.second,
        worker: `${tokenWorker()}\n${authorizeWorker}`,
      },
    },
    async (step) => {
      const { login, callback } = await silently(run, app, step, scope);
      const redeem = () => app.redeem(step, login, callback, key);
      const first = await redeem().catch((error) => error);
      if (!(first instanceof Error)) return first;
      if ((await refusal(Promise.reject(first))) !== "use_dpop_nonce") throw first;
      return redeem();
    },
  );
}
