// Node.js and Bun: the module is read and compiled on the first call, not at import.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runtime } from "../instance.js";
import { compileFile } from "../../compile-file.js";

const file = "../../../wasm/engine.wasm";
// Keep `new URL(…)` in this form, as the argument of a call: tools that collect a server's files
// (Vercel's, Netlify's, Next.js) recognize it and include the file.
runtime.provide((slim) =>
  compileFile(
    slim,
    () => String(new URL("../../../wasm/engine.wasm", import.meta.url)),
    file,
    import.meta.url,
    (url) => readFileSync(fileURLToPath(url)),
  ),
);
export * from "../index.js";
