// A guessed secret, and a guessed client.
import { hasSecret } from "../authentication";
import { ClientApp, refusal } from "../client";
import type { DemoClient, Flow, Run, Setup } from "../model";
import { js, preamble } from "./client-code";
import { chosen, clientOptions, clientsWith, scopeOf, scopeOption } from "./options";
import { tokenWorker } from "./worker-code";

const clients = (setup: Setup) => clientsWith(setup, "client_credentials", hasSecret);

export const wrongSecret: Flow = {
  id: "wrong-secret",
  title: "A guessed secret",
  summary: "Somebody guesses a client’s secret, then a client. The answers tell them nothing.",
  group: "Attack",
  options: (setup, choices) => [
    ...clientOptions(clients(setup), choices).filter(({ kind }) => kind !== "secret"),
    ...scopeOption(chosen(clients(setup), choices), "read", "client_credentials"),
  ],
  async run(run) {
    const registered = chosen(clients(run.place.setup), run.choices);
    if (registered === undefined)
      throw new Error("No client is registered with the grant client_credentials and a secret.");
    // A short one would do, but an assertion (client_secret_jwt) needs a key of 32 bytes.
    const known = { ...registered, client_secret: "guess".repeat(7) };
    const app = await ClientApp.connect(run, known);
    const scope = js(scopeOf(run));
    const first = await attempt(run, app, {
      title: `A wrong secret of ${registered.client_id}`,
      about: `The client exists, the secret is wrong. ${status(registered)}`,
      code: `${preamble(run, app, js(known.client_secret))}
const wrong = await oauth.clientCredentialsGrantRequest(
  as, client, clientAuth, ${scope}, options,
);
console.log(wrong.status, (await wrong.json()).error); // 401 invalid_client
`,
    });
    const stranger = { ...known, client_id: "no-such-client" };
    await attempt(run, await ClientApp.connect(run, stranger), {
      title: "A client that does not exist",
      about: "The same with a client’s name that nobody has registered.",
      code: `
const stranger = { client_id: ${js(stranger.client_id)} };
const unknown = await oauth.clientCredentialsGrantRequest(
  as, stranger, clientAuth, ${scope}, options,
);
console.log(unknown.status, (await unknown.json()).error); // 401 invalid_client
`,
      before: first,
    });
  },
};

/** Which status an endpoint's answer has. */
function status({ token_endpoint_auth_method: method }: DemoClient): string {
  return method === "client_secret_basic"
    ? "The endpoint answers 401 with a challenge, as RFC 6749 §5.2 asks of it if the client used the Authorization header."
    : "RFC 6749 §5.2 asks for 401 only if the client used the Authorization header. This one did not, so the endpoint answers 400 to a page of its own: a 401 needs a challenge, and that would open the browser’s password box. Everybody else gets 401.";
}

interface Attempt {
  readonly title: string;
  readonly about: string;
  readonly code: string;
  /** The body of the answer before. */
  readonly before?: string;
}

/** One guess, and the body of its answer. */
function attempt(
  run: Run,
  app: ClientApp,
  { title, about, code: oauth4webapi, before }: Attempt,
): Promise<string> {
  const code = { oauth4webapi, worker: tokenWorker() };
  return run.step({ title, about, expected: "refusal", code }, async (step) => {
    let body = "";
    const read: typeof step.fetch = async (input, init) => {
      const response = await step.fetch(input, init);
      body = await response.clone().text();
      return response;
    };
    const asked = app.grant({ ...step, fetch: read }, "client_credentials", scopeOf(run));
    const error = await refusal(asked);
    if (error === undefined) return body;
    if (before === undefined)
      step.verdict(
        `Refused with ${error}. Whether the client or its secret is wrong, nobody is told.`,
      );
    else
      step.verdict(
        body === before
          ? "Word for word the same answer: nobody can find out which clients there are."
          : "The answer is another one: it tells which clients there are.",
      );
    return body;
  });
}
