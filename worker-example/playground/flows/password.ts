// The password grant: the API asks the endpoint whether the password is right.
import { refusal } from "../client";
import type { Choices, DemoUser, Flow, Option, Setup } from "../model";
import { js, preamble, refused } from "./client-code";
import {
  chosen,
  chosenUser,
  clientOptions,
  clientsWith,
  connect,
  scopeOf,
  scopeOption,
  userOption,
} from "./options";
import { tokenWorker } from "./worker-code";

const clients = (setup: Setup) => clientsWith(setup, "password");

/** For a user whose password the playground is not told. */
function passwordOption(user: DemoUser | undefined): readonly Option[] {
  if (user === undefined || user.password !== undefined) return [];
  const hint = `The password of ${user.username}. It stays in this page.`;
  return [{ name: "password", label: "Password", hint, kind: "secret", value: "" }];
}

const userOf = ({ users }: Setup, { user }: Choices) =>
  users.find(({ username }) => username === user) ?? users[0];

const worker = tokenWorker(`    authenticateUser: async (username, password) =>
      (await findUser(username, password))?.id ?? null,
`);

export const password: Flow = {
  id: "password",
  title: "User name and password",
  summary:
    "Resource owner password credentials grant, for old apps: your own code says whether a password is right.",
  group: "Get tokens",
  options: (setup, choices) => [
    ...clientOptions(clients(setup), choices),
    ...scopeOption(chosen(clients(setup), choices), "openid profile"),
    ...userOption(setup),
    ...passwordOption(userOf(setup, choices)),
  ],
  async run(run) {
    const app = await connect(
      run,
      clients(run.place.setup),
      "No client is registered with the grant password and a way to authenticate that a page can use.",
    );
    const user = chosenUser(run);
    const { username } = user;
    const scope = scopeOf(run);
    const right = user.password ?? run.choices.password ?? "";
    if (right === "") throw new Error(`Type in the password of ${username} first.`);
    const request = (name: string, value: string) => `
const ${name}Response = await oauth.genericTokenEndpointRequest(
  as, client, clientAuth, "password",
  ${js({ username, password: 0, ...scope }).replace("password: 0", `password: ${value}`)}, options,
);
const ${name} = await oauth.processGenericTokenEndpointResponse(as, client, ${name}Response);
`;
    await run.step(
      {
        title: `${username}’s password`,
        about:
          "The app has asked the user for the password and sends it along (RFC 6749 §4.3). The API can’t judge it: it answers PASSWORD, the endpoint’s hook authenticateUser (a function that you write) looks it up, and a second call issues the tokens.",
        expected: "success",
        code: {
          oauth4webapi: preamble(run, app) + request("tokens", "process.env.PASSWORD"),
          worker,
        },
      },
      async (step) => {
        await app.grant(step, "password", { username, password: right, ...scope });
        step.verdict(
          "Three turns: /auth/token, the hook, /auth/token/issue. The ticket, which stands for this request, connects the two calls.",
        );
      },
    );
    await run.step(
      {
        title: "A wrong password",
        about:
          "The hook says no (null), and the endpoint tells the API why with /auth/token/fail. Authlete’s answer for it is invalid_request, where RFC 6749 §5.2 has invalid_grant (a known difference of Authlete, kept here).",
        expected: "refusal",
        code: {
          oauth4webapi: refused(request("mistaken", js("a guess")), "invalid_request"),
          worker,
        },
      },
      async (step) => {
        const wrong = { username, password: "a guess", ...scope };
        const error = await refusal(app.grant(step, "password", wrong));
        if (error !== undefined)
          step.verdict(
            `Refused with ${error}. This ticket is used up; the user can try again with a new request.`,
          );
      },
    );
  },
};
