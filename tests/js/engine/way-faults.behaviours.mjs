// What fails in the middle of a token request has the same consequences whichever way the request
// takes to the engine, and the next request works.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { pause } from "../support/upstream.mjs";
import { ownStore } from "./own-store.mjs";
import { machine, now, redeem, refresh, statuses, wayKit } from "./ways.mjs";

const thrower = () => {
  throw new RangeError("the platform failed");
};

/** Runs `body` while `owner[name]` is `replacement`. */
export async function replaced(owner, name, replacement, body) {
  const own = Object.hasOwn(owner, name);
  const original = owner[name];
  owner[name] = replacement;
  try {
    return await body();
  } finally {
    if (own) owner[name] = original;
    else delete owner[name];
  }
}

export function behaviours({ pkg, enginePkg }) {
  const { begin, same } = wayKit({ pkg, enginePkg });

  return {
    "a clock that throws or gives no time": async () => {
      for (const broken of [thrower, () => "late", () => Number.NaN, () => -1, async () => now]) {
        let clock;
        const seen = await same(
          "clock",
          async ({ ask, code }) => {
            const value = await code();
            clock = broken;
            await ask(redeem(value));
            clock = () => now;
            await ask(redeem(value));
          },
          () => {
            clock = () => now;
            return { now: () => clock() };
          },
          // The name of the function that was called, which depends on the way.
          (text) => text.replaceAll('"operation":"fetch"', '"operation":"exchange"'),
        );
        equal(statuses(seen), "503,200", "statuses");
        equal(seen[0].event.failure, "clock", "failure");
      }
    },

    "a store that fails at one of its steps": async () => {
      let step = 0;
      let left;
      let failed;
      /** A store that fails once, after as many steps as are `left`. */
      const storage = () => {
        left = Number.POSITIVE_INFINITY;
        failed = false;
        const store = ownStore();
        const failing =
          (name) =>
          (...values) => {
            if (left-- !== 0) return store[name](...values);
            failed = true;
            throw new RangeError("the store failed");
          };
        return { get: failing("get"), commit: failing("commit"), expire: failing("expire") };
      };
      do {
        const seen = await same(
          `step ${step}`,
          async ({ ask, code }) => {
            const value = await code();
            left = step;
            // What failed can be repeated.
            const redeemed = await ask(redeem(value));
            const tokens = redeemed.error ? await ask(redeem(value)) : redeemed;
            const refreshed = await ask(refresh(tokens.refresh_token));
            const { refresh_token } = refreshed.error
              ? await ask(refresh(tokens.refresh_token))
              : refreshed;
            await ask(refresh(refresh_token), { reissueIdToken: () => ({ sub: "user-2" }) });
            const user = { grant_type: "password", username: "a", password: "b" };
            await ask(user, { authenticateUser: () => "user-1" });
            await ask(user, { authenticateUser: () => null });
            await ask({ ...user, password: "" });
          },
          () => ({ storage: storage() }),
        );
        const lost = seen.filter(({ status }) => status >= 500);
        ok(lost.length <= 1, `only the request of step ${step} fails (${statuses(seen)})`);
        equal(
          seen.filter(({ event }) => event?.type === "platform_failed").length,
          failed ? 1 : 0,
          "failures that the engine's onEvent heard of",
        );
        step += 1;
      } while (failed);
      ok(step > 8, `${step} steps`);
    },

    "randomness that fails, and comes back": async () => {
      for (const broken of [
        thrower,
        (bytes) => {
          bytes.fill(7);
          throw new RangeError("half-way");
        },
      ]) {
        const seen = await same("randomness", async ({ ask }) => {
          await replaced(crypto, "getRandomValues", broken, async () => {
            await ask(machine);
            await ask(machine);
          });
          await ask(machine);
        });
        equal(statuses(seen), "500,500,200", "statuses");
        const failures = seen.filter(({ event }) => event?.type === "platform_failed");
        deepEqual(
          failures.map(({ event }) => event.failure),
          ["random", "random"],
          "failures",
        );
      }
    },

    "a signature that fails": async () => {
      for (const broken of [thrower, async () => thrower()]) {
        const seen = await same("signature", async ({ ask, code }) => {
          const value = await code();
          await replaced(crypto.subtle, "sign", broken, () => ask(redeem(value)));
          await ask(redeem(value));
        });
        equal(statuses(seen), "500,200", "statuses");
      }
    },

    "a signature that hangs: the deadline ends the request, and the same code is good afterwards":
      async () => {
        const seen = await same("deadline", async ({ ask, code, client }) => {
          const value = await code();
          const hang = () => new Promise(() => {});
          await replaced(crypto.subtle, "sign", hang, async () => {
            await ask(redeem(value), { authlete: client({ timeoutMs: 20 }) });
          });
          const { refresh_token } = await ask(redeem(value));
          await replaced(crypto.subtle, "sign", hang, async () => {
            // The reissue hangs: the other tokens are given.
            await ask(refresh(refresh_token), { authlete: client({ timeoutMs: 20 }) });
          });
        });
        equal(statuses(seen), "503,200,200", "statuses");
        ok(
          seen.some(({ event }) => event?.code === "ERR_AUTHLETE_TIMEOUT"),
          "the code of a timeout",
        );
      },

    "a client that leaves while its token is signed, or before: nothing is used up": async () => {
      const seen = await same("abort", async ({ ask, code }) => {
        const value = await code();
        const controller = new AbortController();
        const hang = () => {
          setTimeout(() => controller.abort(), 0);
          return new Promise(() => {});
        };
        await replaced(crypto.subtle, "sign", hang, () =>
          ask(redeem(value), { init: { signal: controller.signal } }),
        );
        await ask(redeem(value), { init: { signal: AbortSignal.abort() } });
        await ask(redeem(value));
      });
      equal(statuses(seen), "503,503,200", "statuses");
    },

    "a client that leaves while a hook decides: the request is finished all the same": async () => {
      const seen = await same("abort in a hook", async ({ ask }) => {
        const controller = new AbortController();
        await ask(
          { grant_type: "password", username: "a", password: "b", scope: "openid" },
          {
            init: { signal: controller.signal },
            authenticateUser: async () => {
              controller.abort();
              await pause(1);
              return "user-1";
            },
          },
        );
      });
      equal(statuses(seen), "200", "statuses");
    },

    "after the deadline nothing of a request inside the engine goes on": async () => {
      const { ask, code, client } = await begin("direct");
      const value = await code();
      const real = crypto.subtle.sign.bind(crypto.subtle);
      let go;
      const gate = new Promise((resolve) => (go = resolve));
      const late = async (...values) => {
        await gate;
        return real(...values);
      };
      const timeout = { authlete: client({ timeoutMs: 20 }) };
      const { error } = await replaced(crypto.subtle, "sign", late, () =>
        ask(redeem(value), timeout),
      );
      equal(error, "temporarily_unavailable", "error");
      go();
      await pause(10);
      ok((await ask(redeem(value))).id_token, "an ID token for the same code");
    },
  };
}
