// A worker that starts others: `/NAME` runs the worker NAME in a new isolate and returns its
// answer. Only the whole time can be measured, from outside.

let started = 0;

export default {
  fetch(incoming, env) {
    const name = new URL(incoming.url).pathname.slice(1);
    const modules = { "worker.js": env[name] };
    if (name === "ours") modules["operations.wasm"] = { wasm: unlikeAnyOther(env.wasm) };
    const worker = env.loader.load({
      compatibilityDate: env.compatibilityDate,
      mainModule: "worker.js",
      modules,
    });
    return worker.getEntrypoint().fetch("http://worker/");
  },
};

/**
 * The module with a unique custom section, so that code compiled earlier can't be reused for it.
 */
function unlikeAnyOther(wasm) {
  const name = new TextEncoder().encode(`start-${String(++started).padStart(9, "0")}`);
  const section = [0, name.length + 1, name.length, ...name];
  const bytes = new Uint8Array(wasm.byteLength + section.length);
  bytes.set(new Uint8Array(wasm));
  bytes.set(section, wasm.byteLength);
  return bytes.buffer;
}
