// What must hold of the embedded engine over each of its stores: the requests of OAuth clients.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { config, engineKit, verified } from "./engine-kit.mjs";

export function behaviours({ pkg, enginePkg, storage }) {
  const { start, tokens, code, redeem, refresh, error } = engineKit({ pkg, enginePkg, storage });
  return {
    async "a code becomes tokens, and an ID token that verifies against the JWK set"() {
      for (const alg of ["ES256", "RS256"]) {
        const engine = await start(`code-${alg}`);
        const client = `web-${alg}`;
        const response = await redeem(engine, await code(engine, { client_id: client }), {
          client,
        });
        equal(response.status, 200, "status");
        const body = await response.json();
        const claims = await verified(body.id_token, await engine.jwks());
        equal(claims.iss, "https://as.example", "iss");
        equal(claims.sub, "user-1", "sub");
        equal(claims.nonce, "n-1", "nonce");
        deepEqual(claims.aud, [client], "aud");
        const digest = new Uint8Array(
          await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body.access_token)),
        );
        const half = btoa(String.fromCharCode(...digest.slice(0, 16)))
          .replaceAll("+", "-")
          .replaceAll("/", "_")
          .replaceAll("=", "");
        equal(claims.at_hash, half, "at_hash");
        const { active, sub, scope } = await engine.introspect(body.access_token);
        deepEqual(
          { active, sub, scope },
          { active: true, sub: "user-1", scope: "openid read" },
          "introspection",
        );
      }
    },

    async "twenty concurrent redemptions of one code give exactly one 200"() {
      const engine = await start("race");
      const value = await code(engine);
      const responses = await Promise.all(Array.from({ length: 20 }, () => redeem(engine, value)));
      const statuses = responses.map(({ status }) => status).sort();
      deepEqual(statuses, [200, ...Array(19).fill(400)], "statuses");
      for (const response of responses.filter(({ status }) => status === 400))
        equal((await response.json()).error, "invalid_grant", "error");
    },

    async "ten concurrent uses of one refresh token give exactly one 200"() {
      const engine = await start("refresh-race");
      const { refresh_token } = await (await redeem(engine, await code(engine))).json();
      const responses = await Promise.all(
        Array.from({ length: 10 }, () => refresh(engine, refresh_token)),
      );
      deepEqual(
        responses.map(({ status }) => status).sort(),
        [200, ...Array(9).fill(400)],
        "statuses",
      );
    },

    async "of ten logins at once where a client may have one per user, every code is good and one login is left"() {
      const service = { ...config.service, singleAccessTokenPerSubject: true };
      const engine = await enginePkg.createEngine({ ...config, service }, storage("single"));
      const codes = [];
      for (let i = 0; i < 10; i += 1) codes.push(await code(engine));
      const responses = await Promise.all(codes.map((value) => redeem(engine, value)));
      const active = [];
      for (const response of responses) {
        equal(response.status, 200, "status");
        const { access_token, refresh_token } = await response.json();
        if ((await engine.introspect(access_token)).active) active.push(refresh_token);
        else await error(await refresh(engine, refresh_token), 400, "invalid_grant");
      }
      equal(active.length, 1, "logins that are left");
      equal((await refresh(engine, active[0])).status, 200, "status");
    },

    async "a refresh rotates the token and brings an ID token without nonce; reuse of the old one revokes the family"() {
      const engine = await start("rotation");
      const first = await (await redeem(engine, await code(engine))).json();
      const response = await refresh(engine, first.refresh_token);
      equal(response.status, 200, "status");
      const second = await response.json();
      ok(second.refresh_token !== first.refresh_token, "another refresh token");
      ok(!("nonce" in (await verified(second.id_token, await engine.jwks()))), "no nonce");
      await error(await refresh(engine, first.refresh_token), 400, "invalid_grant");
      await error(await refresh(engine, second.refresh_token), 400, "invalid_grant");
      equal((await engine.introspect(second.access_token)).active, false, "active");
    },

    async "a password is exchanged once, and a wrong one is refused"() {
      const engine = await start("password");
      const parameters = {
        grant_type: "password",
        username: "alice",
        password: "right",
        scope: "read",
      };
      const hooks = {
        authenticateUser: (username, password) =>
          username === "alice" && password === "right" ? "user-1" : null,
      };
      const response = await tokens(engine, parameters, hooks);
      equal(response.status, 200, "status");
      equal((await engine.introspect((await response.json()).access_token)).sub, "user-1", "sub");
      await error(
        await tokens(engine, { ...parameters, password: "wrong" }, hooks),
        400,
        "invalid_request",
      );
    },

    async "nothing of a revoked grant can be used"() {
      const engine = await start("revocation");
      const { access_token, refresh_token } = await (
        await redeem(engine, await code(engine))
      ).json();
      await engine.revoke(refresh_token);
      deepEqual(await engine.introspect(access_token), { active: false }, "introspection");
      await error(await refresh(engine, refresh_token), 400, "invalid_grant");
    },

    async "a code that is replayed after its first tokens expired revokes the tokens of later refreshes"() {
      const day = 86_400_000;
      let now = 1_790_000_000_000;
      const engine = await start("replay", { now: () => now });
      const value = await code(engine);
      const first = await (await redeem(engine, value)).json();
      now += 9 * day;
      const second = await (await refresh(engine, first.refresh_token)).json();
      now += 2 * day;
      while ((await engine.expire()).more);
      await error(await redeem(engine, value), 400, "invalid_grant");
      await error(await refresh(engine, second.refresh_token), 400, "invalid_grant");
    },

    async "a code expires by the clock that was given"() {
      let now = 1_790_000_000_000;
      const engine = await start("clock", { now: () => now });
      const value = await code(engine);
      now += 60_000;
      await error(await redeem(engine, value), 400, "invalid_grant");
    },

    async "a redemption that comes second leaves no token behind, not even one that the host chose"() {
      const engine = await start("loser");
      const value = await code(engine);
      const { subtle } = crypto;
      const waiting = [];
      // Neither is written before both have been read and signed.
      subtle.sign = async (...parameters) => {
        const signature = await SubtleCrypto.prototype.sign.apply(subtle, parameters);
        await new Promise((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 2) for (const go of waiting) go();
        });
        return signature;
      };
      let responses;
      try {
        responses = await Promise.all(
          ["chosen-1", "chosen-2"].map((accessToken) =>
            redeem(engine, value, { tokenRequest: { accessToken } }),
          ),
        );
      } finally {
        delete subtle.sign;
      }
      const statuses = responses.map(({ status }) => status);
      deepEqual([...statuses].sort(), [200, 400], "statuses");
      for (const [i, token] of ["chosen-1", "chosen-2"].entries()) {
        equal(
          (await engine.introspect(token)).active,
          statuses[i] === 200,
          `active after ${statuses[i]}`,
        );
      }
    },

    async "more calls at once than several instances take all get their own answers"() {
      const engine = await start("crowd");
      const all = Array.from({ length: 1_000 }, (_, index) => index);
      const responses = await Promise.all(
        all.map(() => tokens(engine, { grant_type: "client_credentials", scope: "read" })),
      );
      deepEqual(
        responses.map(({ status }) => status),
        all.map(() => 200),
        "statuses",
      );
      const given = await Promise.all(responses.map((response) => response.json()));
      equal(
        new Set(given.map(({ access_token }) => access_token)).size,
        all.length,
        "access tokens",
      );
    },
  };
}
