// The linear memory of the package's WebAssembly instances, observed from outside, since the
// package does not expose it.
import { equal } from "./assert.mjs";
import { json } from "./upstream.mjs";

const PAGE = 65_536;
const RealInstance = WebAssembly.Instance;

/** A call that must succeed. */
export async function healthyCall({ AuthleteClient, authToken }) {
  const authlete = new AuthleteClient({
    serviceId: "1",
    bearer: "b",
    fetch: async () => json({ action: "OK" }),
  });
  equal((await authToken(authlete, { parameters: "" })).action, "OK", "a healthy call");
}

/**
 * A call that makes the current instance trap, so that the next call gets a new one. There must be
 * one already.
 */
export async function trappingCall({ AuthleteClient, authToken }) {
  const authlete = new AuthleteClient({
    serviceId: "1",
    bearer: "b",
    fetch: async () => json({ action: "OK" }),
  });
  const { setTimeout: real } = globalThis;
  let call;
  globalThis.setTimeout = () => {
    throw new Error("the runtime failed");
  };
  try {
    call = authToken(authlete, { parameters: "" }).catch((error) => error);
  } finally {
    globalThis.setTimeout = real;
  }
  equal((await call).code, "ERR_AUTHLETE_WASM_TRAP", "code");
}

/**
 * Watches the instances that are made from now on, with weak references. Returns a function that
 * gives their number, and the pages (64 KiB) of each that is left.
 */
export function watchInstances() {
  const memories = [];
  WebAssembly.Instance = new Proxy(RealInstance, {
    construct(target, values, newTarget) {
      const instance = Reflect.construct(target, values, newTarget);
      memories.push(new WeakRef(instance.exports.memory));
      return instance;
    },
  });
  return () => {
    const alive = memories.map((memory) => memory.deref()).filter(Boolean);
    return { made: memories.length, pages: alive.map(({ buffer }) => buffer.byteLength / PAGE) };
  };
}

/**
 * Starts the package on a new instance and watches it and all that follow: `made()` and `alive()`
 * count them, `pages()` is the size of the largest.
 */
export async function watchMemory(pkg) {
  await healthyCall(pkg);
  await trappingCall(pkg);
  const instances = watchInstances();
  await healthyCall(pkg);
  equal(instances().made, 1, "new instances");
  return {
    made: () => instances().made,
    alive: () => instances().pages.length,
    pages: () => Math.max(...instances().pages),
  };
}
