// The random bytes of codes and tokens: no byte is used twice, whatever the random source does.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { replaced } from "./way-faults.behaviours.mjs";
import { machine, wayKit } from "./ways.mjs";

const decoded = (text) => atob(text.replaceAll("-", "+").replaceAll("_", "/"));
/** The 16 bytes of the grant's identifier, and 32 more. */
const bytesOf = (token) => decoded(token.slice(0, 22)) + decoded(token.slice(22));

export function behaviours({ pkg, enginePkg }) {
  const { begin } = wayKit({ pkg, enginePkg });
  /** An engine, and a function that gets a new access token from it: `undefined` if it fails. */
  async function source() {
    const { engine, seen } = await begin("direct");
    const body = JSON.stringify({
      parameters: String(new URLSearchParams(machine)),
      clientId: "web-ES256",
      clientSecret: "web-secret",
    });
    const token = async () => {
      const path = "/api/715948317/auth/token";
      const answer = await engine.exchange(path, "Bearer service-bearer", body);
      return JSON.parse(answer.body).accessToken;
    };
    return { engine, token, seen };
  }

  return {
    "no two of ten thousand tokens are equal, and none begins or ends like another": async () => {
      const { token } = await source();
      const tokens = [];
      for (let count = 0; count < 10_000; count += 100)
        tokens.push(...(await Promise.all(Array.from({ length: 100 }, token))));
      for (const part of [
        tokens,
        tokens.map((t) => t.slice(0, 21)),
        tokens.map((t) => t.slice(22)),
      ])
        equal(new Set(part).size, 10_000, "different ones");
    },

    "every byte of a token comes from the random source, once": async () => {
      const { token } = await source();
      let next = 0;
      /** Numbers that count up: 4 bytes each. */
      const counting = (array) => {
        const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
        for (let at = 0; at < array.byteLength; at += 4) {
          next += 1;
          view.setUint32(at, next);
        }
        return array;
      };
      const used = await replaced(crypto, "getRandomValues", counting, async () => {
        const words = [];
        for (let count = 0; count < 200; count += 1) {
          const bytes = Uint8Array.from(bytesOf(await token()), (char) => char.charCodeAt(0));
          const view = new DataView(bytes.buffer);
          for (let at = 0; at < bytes.length; at += 4) words.push(view.getUint32(at));
        }
        return words;
      });
      equal(used.length, 200 * 12, "words");
      equal(new Set(used).size, used.length, "different words");
      ok(
        used.every((word) => word >= 1 && word <= next),
        "all are from the source",
      );
    },

    "after a draw that failed no token has the bytes that it left, and requests work again":
      async () => {
        const { token, seen } = await source();
        const marker = "\x07".repeat(8);
        const halfway = (array) => {
          array.fill(7);
          throw new RangeError("the source failed");
        };
        const tokens = [];
        let failures = 0;
        for (let round = 0; round < 3; round += 1) {
          await replaced(crypto, "getRandomValues", halfway, async () => {
            // What is left of the last draw is still good: some of these succeed.
            for (let count = 0; count < 50; count += 1) {
              const given = await token();
              if (given === undefined) failures += 1;
              else tokens.push(given);
            }
          });
          tokens.push(await token());
        }
        ok(failures >= 50, `${failures} failures`);
        equal(
          seen.filter(({ event }) => event.failure === "random").length,
          failures,
          "failures that onEvent heard of",
        );
        ok(
          tokens.every((given) => !bytesOf(given).includes(marker)),
          "no byte of a failed draw",
        );
        equal(new Set(tokens).size, tokens.length, "different tokens");
        ok(tokens.length > 3 && tokens.at(-1) !== undefined, "the last request got a token");
      },

    "a source that gives the same bytes again is noticed, and no code is given twice": async () => {
      const { code, seen } = await begin("direct");
      const attempt = () => code().catch(({ status }) => status);
      const constant = (array) => array.fill(1);
      const outcomes = await replaced(crypto, "getRandomValues", constant, async () => {
        const all = [];
        for (let count = 0; count < 100; count += 1) all.push(await attempt());
        return all;
      });
      deepEqual(outcomes.slice(1), Array(99).fill(500), "statuses after the first code");
      deepEqual(
        seen.map(({ event }) => event.failure),
        Array(99).fill("random"),
        "what onEvent heard of",
      );
      // The rest of what was drawn is the same, too.
      let fresh;
      for (let count = 0; count < 200 && typeof fresh !== "string"; count += 1)
        fresh = await attempt();
      ok(typeof fresh === "string" && fresh !== outcomes[0], "another code");
    },
  };
}
