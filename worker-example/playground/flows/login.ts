// How flows get a code: from a user on the login page, or at once, where the login is not the
// story.
import type { ClientApp, Login, Tokens } from "../client";
import type { Run, StepActions } from "../model";
import { authorizationCode, preamble, redeemCode, silentCode } from "./client-code";
import { chosenUser } from "./options";
import { authorizeWorker, tokenWorker } from "./worker-code";

const skipped =
  "The demo skips its login page here, since the story comes later. The server calls checkAuthorization and issueAuthorizationCode: functions of the engine beside the four APIs.";

/** A login that ended with a code. */
export interface LoggedIn {
  readonly login: Login;
  readonly callback: URLSearchParams;
}

/** The user logs in at the real page. `before`: what the code of the step begins with. */
export async function logIn(
  run: Run,
  app: ClientApp,
  parameters: Record<string, string>,
  before = preamble(run, app),
): Promise<LoggedIn> {
  const code = {
    oauth4webapi: `${before}${authorizationCode(app, parameters)}
// Send the browser to authorizationUrl. It comes back to your redirect URI, as currentUrl.
`,
    worker: authorizeWorker,
  };
  const text = {
    title: "The user logs in",
    about:
      "The app sends the browser to the authorization server, which asks the user. The browser comes back with a code that is good once, for a moment, and only with a secret that the app keeps to itself (PKCE, RFC 7636).",
    expected: "success",
    code,
  } as const;
  return run.step(text, async (step) => {
    const login = await app.login(parameters);
    const callback = app.callback(login, await step.login(login.url));
    step.verdict("The browser is back, with a code. No token has passed through it.");
    return { login, callback };
  });
}

/** A script's login: the demo gives it a code at once, on this machine only. */
export async function logInAtOnce(
  run: Run,
  app: ClientApp,
  parameters: Record<string, string>,
): Promise<LoggedIn> {
  const { username } = chosenUser(run);
  return run.step(
    {
      title: `Preparation: ${username} logs in`,
      about: skipped,
      expected: "success",
      code: { oauth4webapi: silentLogin(run, app, parameters), worker: authorizeWorker },
    },
    (step) => silently(run, app, step, parameters),
  );
}

/** The same, and the tokens for the code. */
export async function tokensAtOnce(
  run: Run,
  app: ClientApp,
  parameters: Record<string, string>,
): Promise<Tokens> {
  const { username } = chosenUser(run);
  const redeem = redeemCode();
  return run.step(
    {
      title: `Preparation: ${username} logs in, and the app gets tokens`,
      about: skipped,
      expected: "success",
      code: {
        oauth4webapi: `${silentLogin(run, app, parameters)}${redeem}`,
        worker: `${tokenWorker()}\n${authorizeWorker}`,
      },
    },
    async (step) => {
      const { login, callback } = await silently(run, app, step, parameters);
      return app.redeem(step, login, callback);
    },
  );
}

/** Logs in as a part of a step. */
export async function silently(
  run: Run,
  app: ClientApp,
  step: StepActions,
  parameters: Record<string, string>,
): Promise<LoggedIn> {
  const login = await app.login({ ...parameters, ...silent(run) });
  const { url } = await step.fetch(login.url);
  return { login, callback: app.callback(login, new URL(url)) };
}

/** The code for that. */
export function silentLogin(run: Run, app: ClientApp, parameters: Record<string, string>): string {
  const code = authorizationCode(app, { ...parameters, ...silent(run) });
  return `${preamble(run, app)}${code}${silentCode}`;
}

const silent = (run: Run) => ({ prompt: "none", login_hint: chosenUser(run).username });
