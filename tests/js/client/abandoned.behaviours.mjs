// Calls that the runtime lets go of: workerd does so when a client leaves, and nothing ever resumes them. What they hold is not held for good.
import { equal, ok } from "../support/assert.mjs";
import { json, never } from "../support/upstream.mjs";
import { watchMemory } from "../support/wasm-memory.mjs";
import { settled } from "./traps.behaviours.mjs";

/** Runs `body` while no timer fires that it sets. */
function withoutTimers(body) {
  const original = globalThis.setTimeout;
  globalThis.setTimeout = () => undefined;
  try {
    return body();
  } finally {
    globalThis.setTimeout = original;
  }
}

/** Runs `body` so many milliseconds later. */
async function later(milliseconds, body) {
  const original = performance.now;
  performance.now = () => original.call(performance) + milliseconds;
  try {
    return await body();
  } finally {
    performance.now = original;
  }
}

export function behaviours({ pkg }) {
  const { AuthleteClient, authToken } = pkg;
  const client = (fetch, more) => new AuthleteClient({ serviceId: "1", bearer: "b", fetch, ...more });
  const silent = client(never, { timeoutMs: 1_000 });
  const healthy = client(async () => json({ action: "OK" }));
  const abandon = (count) => withoutTimers(() => Array.from({ length: count }, () => authToken(silent, { parameters: "x".repeat(1_000) })));

  return {
    "calls that nothing resumes are let go of when their time is over, and no others": async () => {
      const { pages } = await watchMemory(pkg);
      const before = pages();
      let go;
      const gate = new Promise((resolve) => (go = resolve));
      const waiting = authToken(
        client(() => gate.then(() => json({ action: "OK" })), { timeoutMs: 2_000_000_000 }),
        { parameters: "" },
      );
      const first = abandon(100);
      for (let round = 1; round <= 40; round += 1) {
        // More calls until the places are used up, and somebody looks.
        await later(round * 100_000, async () => {
          for (const call of abandon(100)) call.catch(() => {});
          equal((await authToken(healthy, { parameters: "" })).action, "OK", "another call");
        });
      }
      for (const { error } of await Promise.all(first.map(settled))) equal(error?.code, "ERR_AUTHLETE_TIMEOUT", "what an abandoned call ends with");
      go();
      equal((await waiting).action, "OK", "a call with time left");
      ok(pages() - before <= 4, `${pages() - before} more pages`);
    },
  };
}
