// The client credentials grant, with each way for a client to authenticate.
import type { Flow, Setup } from "../model";
import { js, preamble } from "./client-code";
import { chosen, clientOptions, clientsWith, connect, scopeOf, scopeOption } from "./options";
import { tokenWorker } from "./worker-code";

const clients = (setup: Setup) => clientsWith(setup, "client_credentials");

/** What the client shows, by its method. */
const shown: Readonly<Record<string, string>> = {
  client_secret_basic: "It sends its secret in the Authorization header (RFC 6749 §2.3.1).",
  client_secret_post: "It sends its secret among the parameters (RFC 6749 §2.3.1).",
  client_secret_jwt:
    "It never sends its secret, but signs a short-lived assertion with it (OpenID Connect Core §9).",
  private_key_jwt:
    "It signs a short-lived assertion with its private key; the server knows only the public one (RFC 7523).",
  tls_client_auth:
    "It shows a TLS certificate of a trusted authority, with the registered name (RFC 8705 §2.1). On this machine, a header stands for the TLS connection.",
  self_signed_tls_client_auth:
    "It shows its registered self-signed TLS certificate (RFC 8705 §2.2), and its tokens are bound to it. On this machine, a header stands for the TLS connection.",
  attest_jwt_client_auth:
    "Its maker has signed the key of this installation, which signs a challenge of the server (OAuth 2.0 Attestation-Based Client Authentication, draft 08).",
};

export const clientCredentials: Flow = {
  id: "client-credentials",
  title: "A service gets a token",
  summary:
    "Client credentials grant: a service gets a token for itself, not for a user. Choose how it shows who it is.",
  group: "Get tokens",
  options: (setup, choices) => [
    ...clientOptions(clients(setup), choices),
    ...scopeOption(chosen(clients(setup), choices), "read", "client_credentials"),
  ],
  async run(run) {
    const app = await connect(
      run,
      clients(run.place.setup),
      "No client is registered with the grant client_credentials and a way to authenticate that a page can use.",
    );
    const { client_id, token_endpoint_auth_method: method } = app.registered;
    const scope = scopeOf(run);
    await run.step(
      {
        title: `${client_id} asks for a token`,
        about: `No user is there: the client gets a token for itself (RFC 6749 §4.4). ${shown[method] ?? ""}`,
        expected: "success",
        code: {
          oauth4webapi: `${preamble(run, app)}
const response = await oauth.clientCredentialsGrantRequest(
  as, client, clientAuth, ${js(scope)}, options,
);
const tokens = await oauth.processClientCredentialsResponse(as, client, response);
`,
          worker: tokenWorker(
            method.endsWith("tls_client_auth")
              ? `    clientCertificate: {
      format: "rfc9440", header: "Client-Cert", chainHeader: "Client-Cert-Chain",
    },
`
              : "",
          ),
        },
      },
      async (step) => {
        const tokens = await app.grant(step, "client_credentials", scope);
        const good = tokens.scope
          ? `The token is good for ${tokens.scope.split(" ").join(", ")}.`
          : "No scope was asked for, so the token has none.";
        step.verdict(
          `The server accepts the client ${client_id}. ${good} There is no refresh token: the client can ask again at any time.`,
        );
      },
    );
  },
};
