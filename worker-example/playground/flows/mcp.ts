// What an MCP client does, from the metadata to the server that gets its token.
import { baseOf } from "../../src/issuer";
import { ClientApp } from "../client";
import type { Flow, Setup } from "../model";
import { introspectCode, preamble, redeemCode } from "./client-code";
import { logIn } from "./login";
import {
  chosen,
  clientOptions,
  connect,
  loginClients,
  publicFirst,
  resourceServers,
  scopeOf,
  scopeOption,
} from "./options";
import { introspectWorker, tokenWorker } from "./worker-code";

/** MCP clients on a user's machine are public. */
const clients = (setup: Setup) => publicFirst(loginClients(setup));

const needed =
  "A client with a login is needed (the grant authorization_code, and the redirect URI of this playground: its address and /callback), and one with resource_identifiers and a secret: the MCP server.";

export const mcp: Flow = {
  id: "mcp",
  title: "An MCP client signs in",
  summary:
    "What an AI app does to use an MCP server for its user: discovery, login, a token for it.",
  group: "Get tokens",
  options: (setup, choices) => [
    ...clientOptions(clients(setup), choices),
    ...scopeOption(chosen(clients(setup), choices), "read"),
    ...clientOptions(resourceServers(setup), choices, "server", "MCP server"),
  ],
  async run(run) {
    const { setup } = run.place;
    const app = await connect(run, clients(setup), needed);
    const server = chosen(resourceServers(setup), run.choices, "server");
    if (server === undefined) throw new Error(needed);
    const [resource = ""] = server.resource_identifiers ?? [];
    await run.step(
      {
        title: "The MCP client reads the authorization server’s metadata",
        about: `Suppose that the MCP server, ${resource}, has answered 401 and named this authorization server (RFC 9728). The authorization server’s metadata say where everything is, and that it has PKCE, which MCP clients insist on (RFC 8414).`,
        expected: "success",
        code: {
          oauth4webapi: `${preamble(run, app).replace(
            "discoveryRequest(issuer, options)",
            'discoveryRequest(issuer, { ...options, algorithm: "oauth2" })',
          )}console.log(as.code_challenge_methods_supported.includes("S256")); // true
`,
          worker: "export const metadata = async () => Response.json(await engine.metadata());\n",
        },
      },
      async (step) => {
        const answer = await step.fetch(metadataAddress(setup));
        const { code_challenge_methods_supported: methods, token_endpoint } = await answer.json();
        if (!answer.ok || !methods?.includes("S256"))
          throw new Error("The metadata do not say that the server has PKCE with S256.");
        step.verdict(
          `The client knows the addresses (token_endpoint: ${token_endpoint}), and that the server has PKCE (code_challenge_methods_supported: ${methods.join(", ")}).`,
        );
      },
    );
    const { login, callback } = await logIn(run, app, { ...scopeOf(run), resource }, "");
    const tokens = await run.step(
      {
        title: "The MCP client exchanges the code",
        about:
          "It names the MCP server again (resource, RFC 8707), as in the login: so the tokens are for that server alone.",
        expected: "success",
        code: {
          oauth4webapi: redeemCode(
            `{ ...options, additionalParameters: { resource: "${resource}" } }`,
          ),
          worker: tokenWorker(),
        },
      },
      async (step) => {
        const tokens = await app.redeem(step, login, callback, { parameters: { resource } });
        step.verdict("The client has a token for the MCP server. It calls tools with it.");
        return tokens;
      },
    );
    await run.step(
      {
        title: "The MCP server checks the token",
        about:
          "The token is opaque, so the MCP server asks the authorization server what it is worth (RFC 7662), and whether it is for itself (aud). There handleIntrospectionRequest answers, a function of the engine beside the four APIs.",
        expected: "success",
        code: {
          oauth4webapi: introspectCode(server, "checked"),
          worker: introspectWorker,
        },
      },
      async (step) => {
        const asking = await ClientApp.connect(run, server, run.choices.server_secret);
        const { active, aud, sub } = await asking.introspect(step, tokens);
        if (!active || ![aud].flat().includes(resource))
          throw new Error("The server says that the token is not good for the MCP server.");
        const user = setup.users.find((one) => one.sub === sub);
        const name = user === undefined ? "" : ` (${user.username})`;
        step.verdict(`Active, for ${resource}, and sub says for which user: ${sub}${name}.`);
      },
    );
  },
};

/** RFC 8414 §3.1: the issuer's path comes last. */
function metadataAddress(setup: Setup): string {
  const { origin, pathname } = new URL(baseOf(setup.issuer));
  const path = pathname === "/" ? "" : pathname;
  return `${origin}/.well-known/oauth-authorization-server${path}`;
}
