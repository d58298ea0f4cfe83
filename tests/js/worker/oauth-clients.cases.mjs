// OAuth client libraries of others with the running worker: from discovery to UserInfo.
import assert from "node:assert/strict";
import test from "node:test";
import { createHash } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { demoAt } from "./support/demo.mjs";
import { exchange } from "./support/http.mjs";

/** Every way to authenticate, and both signing algorithms. */
const registered = [
  { id: "web-app", secret: "web-app-demo-secret", method: "client_secret_basic", alg: "ES256" },
  {
    id: "post-client",
    secret: "post-client-demo-secret",
    method: "client_secret_post",
    alg: "RS256",
  },
  { id: "spa", method: "none", alg: "ES256" },
];
const scope = "openid profile email";

export function oauthClientCases(origin) {
  const redirect_uri = `${origin}/callback`;
  const keys = createRemoteJWKSet(new URL(`${origin}/jwks`));

  /** Where the browser would be sent, for a script without a login page. */
  async function follow(url) {
    const { pathname, search } = new URL(url);
    return (await exchange(origin, { path: `${pathname}${search}` })).location;
  }

  /**
   * Verifies an ID token with the published keys, `at_hash` included (OpenID Connect
   * Core §3.1.3.6).
   */
  async function verify({ id_token, access_token }, { id, alg }) {
    const { payload, protectedHeader } = await jwtVerify(id_token, keys, {
      issuer: origin,
      audience: id,
      algorithms: [alg],
    });
    assert.ok(protectedHeader.kid);
    const digest = createHash("sha256").update(access_token).digest();
    assert.equal(payload.at_hash, digest.subarray(0, digest.length / 2).toString("base64url"));
    assert.ok(payload.exp - payload.iat === 300 && Math.abs(payload.iat - Date.now() / 1000) < 30);
    return payload;
  }

  const authorizationFields = {
    redirect_uri,
    scope,
    code_challenge_method: "S256",
    prompt: "none",
    login_hint: "alice",
  };

  for (const client of registered) {
    test(`oauth4webapi logs ${client.id} in (${client.method}, ${client.alg}), refreshes and asks for the user's claims`, async () => {
      const insecure = { [oauth.allowInsecureRequests]: true };
      const issuer = new URL(origin);
      const as = await oauth.processDiscoveryResponse(
        issuer,
        await oauth.discoveryRequest(issuer, insecure),
      );
      assert.ok(as.token_endpoint_auth_methods_supported.includes(client.method));
      assert.ok(as.id_token_signing_alg_values_supported.includes(client.alg));
      assert.ok(as.code_challenge_methods_supported.includes("S256"));
      const me = {
        client_id: client.id,
        token_endpoint_auth_method: client.method,
        id_token_signed_response_alg: client.alg,
      };
      const authentication = {
        client_secret_basic: oauth.ClientSecretBasic,
        client_secret_post: oauth.ClientSecretPost,
        none: oauth.None,
      }[client.method](client.secret);

      const [verifier, nonce, state] = [
        oauth.generateRandomCodeVerifier(),
        oauth.generateRandomNonce(),
        oauth.generateRandomState(),
      ];
      const start = new URL(as.authorization_endpoint);
      const code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
      start.search = new URLSearchParams({
        response_type: "code",
        client_id: client.id,
        ...authorizationFields,
        code_challenge,
        nonce,
        state,
      });
      const parameters = oauth.validateAuthResponse(as, me, await follow(start), state);

      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        me,
        authentication,
        parameters,
        redirect_uri,
        verifier,
        insecure,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(as, me, answer, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      const claims = await verify(tokens, client);
      assert.deepEqual([claims.sub, claims.nonce], ["user-1", nonce]);

      const again = await oauth.refreshTokenGrantRequest(
        as,
        me,
        authentication,
        tokens.refresh_token,
        insecure,
      );
      const fresh = await oauth.processRefreshTokenResponse(as, me, again);
      const renewed = await verify(fresh, client);
      assert.deepEqual(
        [renewed.sub, renewed.nonce, renewed.auth_time],
        ["user-1", undefined, claims.auth_time],
      );

      const info = await oauth.userInfoRequest(as, me, fresh.access_token, insecure);
      const user = await oauth.processUserInfoResponse(as, me, claims.sub, info);
      assert.equal(user.email, "alice@example.com");
    });

    test(`openid-client logs ${client.id} in (${client.method}, ${client.alg}), refreshes and asks for the user's claims`, async () => {
      const metadata = { id_token_signed_response_alg: client.alg };
      const authentication = {
        client_secret_basic: openid.ClientSecretBasic,
        client_secret_post: openid.ClientSecretPost,
        none: openid.None,
      }[client.method](client.secret);
      const config = await openid.discovery(new URL(origin), client.id, metadata, authentication, {
        execute: [openid.allowInsecureRequests],
      });
      openid.enableNonRepudiationChecks(config);

      const [pkceCodeVerifier, expectedNonce, expectedState] = [
        openid.randomPKCECodeVerifier(),
        openid.randomNonce(),
        openid.randomState(),
      ];
      const code_challenge = await openid.calculatePKCECodeChallenge(pkceCodeVerifier);
      const start = openid.buildAuthorizationUrl(config, {
        ...authorizationFields,
        code_challenge,
        nonce: expectedNonce,
        state: expectedState,
      });
      const tokens = await openid.authorizationCodeGrant(config, await follow(start), {
        pkceCodeVerifier,
        expectedNonce,
        expectedState,
        idTokenExpected: true,
      });
      await verify(tokens, client);
      assert.equal(tokens.claims().sub, "user-1");
      assert.ok(tokens.expiresIn() > 3590 && tokens.expiresIn() <= 3600);

      const fresh = await openid.refreshTokenGrant(config, tokens.refresh_token);
      await verify(fresh, client);
      assert.equal(
        (await openid.fetchUserInfo(config, fresh.access_token, "user-1")).name,
        "Alice Example",
      );

      // As after an answer that was lost; after that, it is reuse.
      const again = await openid.refreshTokenGrant(config, tokens.refresh_token);
      assert.equal(again.refresh_token, fresh.refresh_token);
      await openid.refreshTokenGrant(config, fresh.refresh_token);
      const reused = await openid
        .refreshTokenGrant(config, tokens.refresh_token)
        .catch((error) => error);
      assert.deepEqual([reused.error, reused.status], ["invalid_grant", 400]);
    });
  }

  test("openid-client gets a token for a back-end service, and reads a refusal", async () => {
    const discover = (secret) =>
      openid.discovery(new URL(origin), "service", undefined, openid.ClientSecretBasic(secret), {
        algorithm: "oauth2",
        execute: [openid.allowInsecureRequests],
      });
    const tokens = await openid.clientCredentialsGrant(await discover("service-demo-secret"), {
      scope: "read",
    });
    assert.deepEqual(
      [tokens.scope, tokens.refresh_token, tokens.id_token],
      ["read", undefined, undefined],
    );
    const refused = await openid
      .clientCredentialsGrant(await discover("wrong"))
      .catch((error) => error);
    assert.deepEqual([refused.status, refused.cause[0]?.scheme ?? refused.error], [401, "basic"]);
  });

  const resource = "http://localhost:3000/mcp";
  const [api, apiSecret] = ["resource-server", "resource-server-demo-secret"];

  test("oauth4webapi introspects a token as its resource server, and revokes it as its client", async () => {
    const insecure = { [oauth.allowInsecureRequests]: true };
    const issuer = new URL(origin);
    const as = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, insecure),
    );
    const { access_token } = await demoAt(origin).login("spa", { resource });
    const server = { client_id: api };
    const state = async () =>
      oauth.processIntrospectionResponse(
        as,
        server,
        await oauth.introspectionRequest(
          as,
          server,
          oauth.ClientSecretBasic(apiSecret),
          access_token,
          insecure,
        ),
      );
    const { active, aud, client_id } = await state();
    assert.deepEqual([active, aud, client_id], [true, resource, "spa"]);
    const spa = { client_id: "spa" };
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, spa, oauth.None(), access_token, insecure),
    );
    assert.deepEqual(await state(), { active: false });
  });

  test("openid-client introspects a token as its resource server, and revokes it as its client", async () => {
    const discover = (id, authentication) =>
      openid.discovery(issuer, id, undefined, authentication, {
        execute: [openid.allowInsecureRequests],
      });
    const issuer = new URL(origin);
    const server = await discover(api, openid.ClientSecretBasic(apiSecret));
    const client = await discover(
      "post-client",
      openid.ClientSecretPost("post-client-demo-secret"),
    );
    const { access_token, refresh_token } = await demoAt(origin).login("post-client", { resource });
    assert.equal((await openid.tokenIntrospection(server, access_token)).aud, resource);
    await openid.tokenRevocation(client, refresh_token, { token_type_hint: "refresh_token" });
    assert.deepEqual(await openid.tokenIntrospection(server, access_token), { active: false });

    // What each of the two may not do is an error that the library reads.
    const other = await demoAt(origin).login("web-app", { resource });
    const refusals = await Promise.all(
      [
        openid.tokenIntrospection(client, other.access_token),
        openid.tokenRevocation(client, other.access_token),
      ].map((call) => call.catch((error) => error)),
    );
    assert.deepEqual(
      refusals.map(({ error, status }) => [error, status]),
      [
        ["unauthorized_client", 400],
        ["invalid_grant", 400],
      ],
    );
  });
}
