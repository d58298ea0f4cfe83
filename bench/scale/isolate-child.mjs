// What tokens leave in workerd, in the isolate of a Durable Object that keeps them in SQLite:
// `node isolate-child.mjs STATE FEW MANY`, by a Node.js that has `WebSocket`.
import { readFileSync } from "node:fs";
import { serveTokens } from "./hosts.mjs";
import { measureMemory } from "./memory.mjs";

const [state, ...counts] = process.argv.slice(2);
const [few, many] = counts.map(Number);
const { get, pid, inspector, stop } = await serveTokens(state, { inspected: true });

/** In one request, the isolate would have no time to do anything else. */
const AT_ONCE = 1_000;

async function answer(path) {
  const { status, text } = await get(path);
  if (status !== 200) throw new Error(`${path}: ${text}`);
  return JSON.parse(text);
}

const tokens = {
  async issue(count) {
    for (let left = count; left > 0; left -= AT_ONCE) {
      await answer(`/memory/issue?calls=${Math.min(left, AT_ONCE)}`);
    }
  },
  expire: () => answer("/memory/expire"),
};

const targets = await (await fetch(`http://127.0.0.1:${inspector}/json`)).json();
const socket = new WebSocket(targets[0].webSocketDebuggerUrl);
await new Promise((resolve, reject) => {
  socket.onopen = resolve;
  socket.onerror = () => reject(new Error("the inspector refuses the connection"));
});
let calls = 0;
function inspect(method) {
  calls += 1;
  const id = calls;
  return new Promise((resolve, reject) => {
    socket.addEventListener("message", function listen({ data }) {
      const message = JSON.parse(data);
      if (message.id !== id) return;
      socket.removeEventListener("message", listen);
      if (message.error) reject(new Error(`${method}: ${message.error.message}`));
      else resolve(message.result);
    });
    socket.send(JSON.stringify({ id, method }));
  });
}

async function bytes() {
  const collected = inspect("HeapProfiler.collectGarbage");
  // The isolate collects when it next has something to do.
  await answer("/memory/issue?calls=0");
  await collected;
  const { usedSize } = await inspect("Runtime.getHeapUsage");
  return { rss: residentBytes(), heap: usedSize };
}

/** The process's resident memory where the system tells it. */
function residentBytes() {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return kilobytes * 1024;
  } catch {
    return undefined;
  }
}

console.log(JSON.stringify(await measureMemory(tokens, bytes, few, many)));
socket.close();
await stop();
process.exit();
