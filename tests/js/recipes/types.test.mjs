// Every recipe is type-checked as its users would do it: strictly, with the types of its runtime.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import test from "node:test";
import { root, run } from "../../../xtask/steps.mjs";
import { recipe } from "./support.mjs";

const folder = join(root, ".cache/recipes/types");
const tsc = join(root, "node_modules/typescript/bin/tsc");

/** The part of Bun's own declarations that the recipe touches. */
const bun = `declare const Bun: {
  readonly env: Readonly<Record<string, string | undefined>>;
  serve(options: { port: number; routes: Record<string, (request: Request) => Response | Promise<Response>>; fetch(request: Request): Response }): unknown;
};
`;
/**
 * What users of esbuild add to a declaration file: the loader `binary` gives bytes.
 */
const [bytes] = /declare module[^`]*/.exec(readFileSync(recipe("README.md"), "utf8"));
const dom = { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] };
const groups = {
  web: {
    files: ["cloudflare-workers.ts", "browser-page.ts", "browser-proxy.ts", "browser-engine.ts"],
    options: { ...dom, exactOptionalPropertyTypes: true },
  },
  workers: {
    files: ["cloudflare-workers.ts", "durable-object.ts"],
    options: { lib: ["ES2022"], types: ["@cloudflare/workers-types"], skipLibCheck: true },
  },
  hono: { files: ["hono.ts"], options: { ...dom, skipLibCheck: true } },
  bun: { files: ["bun.ts"], options: dom, declarations: bun },
  esbuild: {
    files: ["esbuild-slim.ts"],
    options: { lib: ["ES2022"], types: ["node"], skipLibCheck: true },
    declarations: bytes,
  },
  node: {
    files: ["node-http.mjs"],
    options: { lib: ["ES2023"], types: ["node"], allowJs: true, checkJs: true, skipLibCheck: true },
  },
};
const denos = ["deno.ts"];

for (const [name, { files, options, declarations = "" }] of Object.entries(groups)) {
  test(`${files.join(", ")} compile with the types of ${name}`, async () => {
    const project = join(folder, name);
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, "globals.d.ts"), declarations);
    const strict = {
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      target: "ES2022",
      module: "NodeNext",
      ...options,
    };
    const sources = [...files.map((file) => relative(project, recipe(file))), "globals.d.ts"];
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions: strict, files: sources }),
    );
    const { code, output } = await run(process.execPath, [tsc, "-p", project]);
    assert.equal(code, 0, output);
  });
}

for (const file of denos) {
  test(`${file} passes deno check`, async () => {
    // Deno finds the declarations of a module only in installed packages: a link to pkg/ does not
    // work.
    const project = join(folder, "deno");
    rmSync(project, { recursive: true, force: true });
    for (const part of ["package.json", "dist"])
      cpSync(join(root, "pkg", part), join(project, "node_modules/authlete-token", part), {
        recursive: true,
      });
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ dependencies: { "authlete-token": "*" } }),
    );
    cpSync(recipe(file), join(project, file));
    const { code, output } = await run(join(root, "node_modules/.bin/deno"), ["check", file], {
      cwd: project,
    });
    assert.equal(code, 0, output);
  });
}

test("no recipe is left unchecked, and none is longer than seventy lines", async () => {
  const checked = new Set([...Object.values(groups).flatMap(({ files }) => files), ...denos]);
  const all = readdirSync(join(root, "docs/recipes")).filter((file) => !file.endsWith(".md"));
  assert.deepEqual(
    all.filter((file) => !checked.has(file)),
    [],
  );
  for (const file of all)
    assert.ok(readFileSync(recipe(file), "utf8").trimEnd().split("\n").length <= 70, file);
});

test("every recipe that makes a client or an endpoint listens to its events", () => {
  for (const file of readdirSync(join(root, "docs/recipes")).filter((name) =>
    /\.(ts|mjs)$/.test(name),
  )) {
    const source = readFileSync(recipe(file), "utf8");
    const made = source.includes("handleTokenRequest(")
      ? "endpoint"
      : source.includes("new AuthleteClient(")
        ? "client"
        : "nothing";
    assert.ok(made === "nothing" || source.includes("onEvent: (event"), `${file}: ${made}`);
  }
});
