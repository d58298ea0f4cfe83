// A token for one server, shown to another one.
import { ClientApp, type Tokens } from "../client";
import type { Choices, DemoClient, Flow, Run, Setup } from "../model";
import { introspectCode, js, preamble } from "./client-code";
import {
  chosen,
  clientOptions,
  clientsWith,
  connect,
  resourceServers,
  scopeOf,
  scopeOption,
} from "./options";
import { introspectWorker, tokenWorker } from "./worker-code";

const clients = (setup: Setup) => clientsWith(setup, "client_credentials");

/** The server that the token is for. */
const rightServer = (setup: Setup, choices: Choices) =>
  chosen(resourceServers(setup), choices, "server");

/** The servers that it is not for. */
function otherServers(setup: Setup, choices: Choices): readonly DemoClient[] {
  const right = rightServer(setup, choices);
  return resourceServers(setup).filter((server) => server !== right);
}

const needed =
  "Two clients must be registered with resource_identifiers and a secret: the servers that tokens are for. And one needs the grant client_credentials.";

export const resource: Flow = {
  id: "resource",
  title: "A token for one server only",
  summary:
    "Resource indicators: a token is asked for one server. Another one that gets hold of it can’t use it.",
  group: "Protect tokens",
  options: (setup, choices) => [
    ...clientOptions(clients(setup), choices),
    ...scopeOption(chosen(clients(setup), choices), "read", "client_credentials"),
    ...clientOptions(resourceServers(setup), choices, "server", "Server that the token is for"),
    ...clientOptions(otherServers(setup, choices), choices, "other", "Server that gets hold of it"),
  ],
  async run(run) {
    const app = await connect(run, clients(run.place.setup), needed);
    const right = rightServer(run.place.setup, run.choices);
    const wrong = chosen(otherServers(run.place.setup, run.choices), run.choices, "other");
    if (right === undefined || wrong === undefined) throw new Error(needed);
    const parameters = { ...scopeOf(run), resource: right.resource_identifiers?.[0] ?? "" };
    const tokens = await run.step(
      {
        title: `${app.registered.client_id} asks for a token for ${right.client_id}`,
        about: `It names the server by its address, ${parameters.resource}, in the parameter resource (RFC 8707 §2).`,
        expected: "success",
        code: {
          oauth4webapi: `${preamble(run, app)}
const response = await oauth.clientCredentialsGrantRequest(
  as, client, clientAuth, ${js(parameters)}, options,
);
const tokens = await oauth.processClientCredentialsResponse(as, client, response);
`,
          worker: tokenWorker(),
        },
      },
      async (step) => {
        const tokens = await app.grant(step, "client_credentials", parameters);
        step.verdict("The token looks like any other. Whom it is for, the server knows.");
        return tokens;
      },
    );
    await introspected(run, right, "server", tokens, true);
    await introspected(run, wrong, "other", tokens, false);
  },
};

/** A server asks about the token. */
async function introspected(
  run: Run,
  server: DemoClient,
  option: string,
  tokens: Tokens,
  isRight: boolean,
): Promise<void> {
  const { client_id, resource_identifiers: [address] = [] } = server;
  await run.step(
    {
      title: `The token is shown to ${client_id}`,
      about: isRight
        ? "The server that the token is for asks what it is worth (RFC 7662). handleIntrospectionRequest answers, a function of the engine beside the four APIs."
        : `The same token at another server, ${address}: by a mistake, or because somebody there wants to use it elsewhere.`,
      expected: isRight ? "success" : "refusal",
      code: {
        oauth4webapi: introspectCode(server, isRight ? "right" : "wrong"),
        worker: introspectWorker,
      },
    },
    async (step) => {
      const asking = await ClientApp.connect(run, server, run.choices[`${option}_secret`]);
      const { active, aud } = await asking.introspect(step, tokens);
      if (isRight && !active)
        throw new Error(`The server says that the token is not good for ${client_id}.`);
      if (active === isRight)
        step.verdict(
          active
            ? `Active, and aud says for whom: ${[aud].flat().join(", ")}.`
            : "Inactive, and not a word more: for this server the token does not exist. A server that is broken into does not open the doors of the others.",
        );
    },
  );
}
