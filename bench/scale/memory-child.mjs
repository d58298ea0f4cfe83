// What tokens leave in memory: `node --expose-gc memory-child.mjs FEW MANY`. It prints the bytes
// after few requests whose tokens live, after many, and after the expiry of all of them.
const memories = [];
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, values, newTarget) {
    const instance = Reflect.construct(target, values, newTarget);
    memories.push(instance.exports.memory);
    return instance;
  },
});
// Imported only now, so that its instances are seen.
const { endpoint, grants } = await import("./endpoint.mjs");

const LONG = 31_536_000_000;
const clock = { now: 1_790_000_000_000 };
const { engine, run } = await endpoint(undefined, clock, { sweep: false });

/** Sends that many requests, as many of each grant, while the clock stands still. */
async function requests(count) {
  for (const grant of grants) await run(grant, count / grants.length, 0);
}

/** Lets all tokens expire, removes them, and returns how many rows they were. */
async function expire() {
  clock.now += LONG;
  for (let rows = 0; ; ) {
    const { removed, more } = await engine.expire();
    rows += removed;
    if (!more) return rows;
  }
}

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
// Compilers and pools settle.
await requests(few);
const fewRows = await expire();
await requests(few);
const afterFew = await bytes();
await requests(many - few);
const afterMany = await bytes();
const manyRows = await expire();
const afterExpiry = await bytes();
console.log(
  JSON.stringify({
    states: [
      { requests: few, rows: fewRows, ...afterFew },
      { requests: many, rows: manyRows, ...afterMany },
      { requests: many, rows: 0, ...afterExpiry },
    ],
    heapBytesPerRow: (afterMany.heap - afterFew.heap) / (manyRows - fewRows),
  }),
);
process.exit();
