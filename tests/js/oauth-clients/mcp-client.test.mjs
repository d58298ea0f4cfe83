// @modelcontextprotocol/client with the endpoint over the engine: its own `auth()`, and its
// providers for client credentials.
import * as mcp from "@modelcontextprotocol/client";
import { Provider } from "../worker/support/mcp.mjs";
import { follow } from "./authorization-server.mjs";
import { basic, fetched, flows, open, shared, signed } from "./flows.mjs";

async function library(server, client) {
  const { clientId, redirectUri, method, alg, secret, privateJwk, dpop } = client;
  const session = dpop && (await mcp.DpopSession.create({ alg: dpop }));
  const jwt =
    alg &&
    mcp.createPrivateKeyJwtAuth({
      issuer: clientId,
      subject: clientId,
      privateKey: privateJwk ?? secret,
      alg,
    });
  /** A provider with what this client has. */
  const equipped = (provider) => {
    if (session) provider.dpop = () => session;
    if (jwt) provider.addClientAuthentication = jwt;
    return provider;
  };
  const information = {
    client_id: clientId,
    token_endpoint_auth_method: method,
    issuer: server.origin,
    ...(method === "client_secret_basic" && { client_secret: secret }),
  };
  const user = equipped(new Provider(information, redirectUri));
  const step = async (provider, more) => {
    const result = await mcp.auth(provider, { serverUrl: server.origin, scope: "read", ...more });
    if (result !== (more ? "AUTHORIZED" : "REDIRECT")) throw new Error(`it says ${result}`);
    return provider.tokens();
  };
  return {
    async signIn() {
      await step(user);
      const { searchParams } = await follow(user.authorization);
      const { code: authorizationCode, iss } = Object.fromEntries(searchParams);
      return step(user, { authorizationCode, iss });
    },
    refresh: () => step(user, {}),
    own() {
      const given = {
        clientId,
        clientSecret: secret,
        expectedIssuer: server.origin,
        scope: "read",
      };
      return step(equipped(new mcp.ClientCredentialsProvider(given)), {});
    },
  };
}

flows("@modelcontextprotocol/client", library, [basic, shared, ...signed, fetched, open]);
