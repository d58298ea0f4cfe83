// How flows get a code: from a user on the login page, or at once, where the login is not the story.
import type { ClientApp, Login } from "../client";
import type { Run } from "../model";
import { chosenUser } from "./options";
import { authorizationCode, authorizeWorker, preamble, silentCode } from "./snippets";

/** A login that ended with a code. */
export interface LoggedIn {
  readonly login: Login;
  readonly callback: URLSearchParams;
}

/** The user logs in at the real page. */
export async function logIn(
  run: Run,
  app: ClientApp,
  parameters: Record<string, string>,
): Promise<LoggedIn> {
  const code = {
    oauth4webapi: `${preamble(run, app)}${authorizationCode(app, parameters)}
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
  const all = { ...parameters, prompt: "none", login_hint: username };
  const code = {
    oauth4webapi: `${preamble(run, app)}${authorizationCode(app, all)}${silentCode}`,
    worker: authorizeWorker,
  };
  const text = {
    title: `Preparation: ${username} logs in`,
    about: "The demo skips its login page here, since the story comes later.",
    expected: "success",
    code,
  } as const;
  return run.step(text, async (step) => {
    const login = await app.login(all);
    const { url } = await step.fetch(login.url);
    return { login, callback: app.callback(login, new URL(url)) };
  });
}
