// The size of the package, raw and compressed: its files, and the part that an app loads.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./steps.mjs";

const entries = {
  operations: {
    workerd: "entry/workerd.js",
    deno: "entry/deno.js",
    node: "entry/node.js",
    browser: "entry/browser.js",
    slim: "slim.js",
  },
  engine: {
    workerd: "engine/entry/workerd.js",
    deno: "engine/entry/deno.js",
    node: "engine/entry/node.js",
    browser: "engine/entry/browser.js",
    slim: "engine/slim.js",
  },
};

/** An app that needs a part of the package: its bundler must be able to leave out the rest. */
const part = `
  export { AuthleteClient, authToken } from "./pkg/dist/entry/workerd.js";`;

/**
 * The same four calls, by the standalone functions that are the SDK's own way to a small bundle.
 */
const peer = `
  export { AuthleteCore } from "@authlete/typescript-sdk/core.js";
  export { tokenProcess } from "@authlete/typescript-sdk/funcs/tokenProcess.js";
  export { tokenFail } from "@authlete/typescript-sdk/funcs/tokenFail.js";
  export { tokenIssue } from "@authlete/typescript-sdk/funcs/tokenIssue.js";
  export { tokenManagementReissueIdToken } from "@authlete/typescript-sdk/funcs/tokenManagementReissueIdToken.js";`;

/**
 * The report: `[{ name, raw, gzip, brotli }]`, in bytes; brotli at quality 11, as content delivery
 * networks store it.
 */
export async function measure() {
  const wasm = (name) => readFileSync(join(root, `pkg/wasm/${name}.wasm`));
  const rows = [];
  for (const name of Object.keys(entries))
    rows.push({ name: `${name}.wasm`, ...weight([wasm(name)]) });
  for (const name of Object.keys(entries))
    rows.push({
      name: `${name}.js (glue)`,
      ...weight([readFileSync(join(root, `js/generated/glue-${name}.js`))]),
    });
  for (const [name, files] of Object.entries(entries)) {
    for (const [entry, file] of Object.entries(files)) {
      const { graph } = await bundled({ entryPoints: [join(root, "pkg/dist", file)] });
      rows.push({ name: `${name}: JavaScript as shipped, ${entry}`, ...weight(graph) });
    }
  }
  for (const [name, { workerd }] of Object.entries(entries)) {
    const { bundle } = await bundled({ entryPoints: [join(root, "pkg/dist", workerd)] });
    rows.push({ name: `${name}: what an app loads`, ...weight([wasm(name), bundle]) });
  }
  for (const [name, contents] of [
    ["operations: JavaScript of an app with authToken alone", part],
    ["@authlete/typescript-sdk: the same four calls", peer],
  ]) {
    const { bundle } = await bundled({ stdin: { contents, resolveDir: root } });
    rows.push({ name, ...weight([bundle]) });
  }
  return rows;
}

/** The report as a table. */
export function table(rows) {
  const cells = rows.map(({ name, raw, gzip, brotli }) => [
    name,
    ...[raw, gzip, brotli].map((bytes) => bytes.toLocaleString("en")),
  ]);
  const lines = [["bytes", "raw", "gzip", "brotli"], ...cells];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...lines.map((line) => line[column].length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column] + 2),
        )
        .join(""),
    )
    .join("\n");
}

/**
 * An entry bundled into one minified file, and the files that went into it; without the .wasm file.
 */
async function bundled(entry) {
  const { outputFiles, metafile } = await build({
    ...entry,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "esm",
    // Unchanged: Deno's entry imports the module with a syntax that esbuild does not know.
    target: "esnext",
    external: ["*.wasm", "node:*"],
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const files = Object.keys(metafile.inputs).filter((path) => path !== "<stdin>");
  return {
    bundle: outputFiles[0].contents,
    graph: files.map((path) => readFileSync(join(root, path))),
  };
}

/** Files travel one by one: their compressed sizes add up. */
function weight(files) {
  const sum = (size) => files.reduce((total, file) => total + size(file), 0);
  const best = (file) => ({
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: file.length,
    },
  });
  return {
    raw: sum((file) => file.length),
    gzip: sum((file) => gzipSync(file, { level: 9 }).length),
    brotli: sum((file) => brotliCompressSync(file, best(file)).length),
  };
}
