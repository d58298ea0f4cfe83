// What tokens leave in the memory of a Node.js process that keeps them there:
// `node --expose-gc memory-child.mjs FEW MANY`.
import { measureMemory } from "./memory.mjs";

const memories = [];
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, values, newTarget) {
    const instance = Reflect.construct(target, values, newTarget);
    memories.push(instance.exports.memory);
    return instance;
  },
});
// Imported only now, so that its instances are seen.
const { mortalTokens } = await import("./endpoint.mjs");

async function bytes() {
  // What finalizers free is gone only after another turn.
  for (let n = 0; n < 4; n += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed } = process.memoryUsage();
  return {
    rss,
    heap: heapUsed,
    wasm: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  };
}

const [few, many] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(await measureMemory(await mortalTokens(), bytes, few, many)));
process.exit();
