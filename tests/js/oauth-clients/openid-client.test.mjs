// openid-client with the endpoint over the engine.
import { generateKeyPair } from "jose";
import * as openid from "openid-client";
import { follow } from "./authorization-server.mjs";
import { basic, certified, fetched, flows, open, shared, signed } from "./flows.mjs";

function authentication({ method, secret, privateKey }) {
  switch (method) {
    case "none":
      return openid.None();
    case "client_secret_basic":
      return openid.ClientSecretBasic(secret);
    case "client_secret_jwt":
      return openid.ClientSecretJwt(secret);
    case "private_key_jwt":
      return openid.PrivateKeyJwt(privateKey);
    default:
      return openid.TlsClientAuth();
  }
}

async function library({ origin }, client) {
  const { clientId, redirectUri, dpop, certificate } = client;
  const { fetch } = certificate ?? globalThis;
  const config = await openid.discovery(
    new URL(origin),
    clientId,
    undefined,
    authentication(client),
    { algorithm: "oauth2", execute: [openid.allowInsecureRequests], [openid.customFetch]: fetch },
  );
  const options = dpop && {
    DPoP: openid.getDPoPHandle(config, await generateKeyPair(dpop)),
  };
  return {
    async signIn() {
      const pkceCodeVerifier = openid.randomPKCECodeVerifier();
      const expectedState = openid.randomState();
      const start = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: "read",
        state: expectedState,
        code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: "S256",
        ...(dpop && { dpop_jkt: await options.DPoP.calculateThumbprint() }),
      });
      const checks = { pkceCodeVerifier, expectedState };
      return openid.authorizationCodeGrant(
        config,
        await follow(start, fetch),
        checks,
        undefined,
        options || undefined,
      );
    },
    refresh: ({ refresh_token }) =>
      openid.refreshTokenGrant(config, refresh_token, undefined, options || undefined),
    own: () => openid.clientCredentialsGrant(config, { scope: "read" }, options || undefined),
  };
}

flows("openid-client", library, [basic, shared, ...signed, fetched, ...certified, open]);
