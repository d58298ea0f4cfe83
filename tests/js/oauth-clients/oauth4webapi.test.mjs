// oauth4webapi with the endpoint over the engine.
import { generateKeyPair } from "jose";
import * as oauth from "oauth4webapi";
import { follow } from "./authorization-server.mjs";
import { basic, certified, fetched, flows, open, shared, signed } from "./flows.mjs";

function authentication({ method, secret, privateKey }) {
  switch (method) {
    case "none":
      return oauth.None();
    case "client_secret_basic":
      return oauth.ClientSecretBasic(secret);
    case "client_secret_jwt":
      return oauth.ClientSecretJwt(secret);
    case "private_key_jwt":
      return oauth.PrivateKeyJwt({ key: privateKey, kid: "key-1" });
    default:
      return oauth.TlsClientAuth();
  }
}

async function library({ origin }, client) {
  const { clientId, redirectUri, dpop, certificate } = client;
  const { fetch } = certificate ?? globalThis;
  const given = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetch };
  const issuer = new URL(origin);
  const discovery = await oauth.discoveryRequest(issuer, { ...given, algorithm: "oauth2" });
  const as = await oauth.processDiscoveryResponse(issuer, discovery);
  const me = { client_id: clientId };
  const prove = authentication(client);
  const keys = dpop ? await generateKeyPair(dpop) : undefined;
  const DPoP = keys && oauth.DPoP(me, keys);
  const options = { ...given, DPoP };

  /** Repeats a request once with the nonce that the server has given. */
  const withNonce = async (request, read) => {
    try {
      return await read(as, me, await request());
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return read(as, me, await request());
    }
  };

  return {
    async signIn() {
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      const start = new URL(as.authorization_endpoint);
      start.search = new URLSearchParams({
        response_type: "code",
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: "read",
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...(DPoP && { dpop_jkt: await DPoP.calculateThumbprint() }),
      });
      const parameters = oauth.validateAuthResponse(as, me, await follow(start, fetch), state);
      return withNonce(
        () =>
          oauth.authorizationCodeGrantRequest(
            as,
            me,
            prove,
            parameters,
            redirectUri,
            verifier,
            options,
          ),
        oauth.processAuthorizationCodeResponse,
      );
    },
    refresh: ({ refresh_token }) =>
      withNonce(
        () => oauth.refreshTokenGrantRequest(as, me, prove, refresh_token, options),
        oauth.processRefreshTokenResponse,
      ),
    own: () =>
      withNonce(
        () => oauth.clientCredentialsGrantRequest(as, me, prove, { scope: "read" }, options),
        oauth.processClientCredentialsResponse,
      ),
  };
}

flows("oauth4webapi", library, [basic, shared, ...signed, fetched, ...certified, open]);
