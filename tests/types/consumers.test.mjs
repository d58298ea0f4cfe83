// Checks the package's declarations with users' compilers: every supported version of TypeScript,
// with the types of one runtime only, by both module resolutions, without skipLibCheck. The samples
// in consumers/ contain right uses, and wrong ones that must be errors.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { entryPoints } from "../../xtask/entry-points.mjs";
import { root, run } from "../../xtask/steps.mjs";

const compilers = {
  5.4: "typescript-5.4",
  5.9: "typescript-5.9",
  "6.0": "typescript-6.0",
  newest: "typescript",
};
const runtimes = {
  dom: { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  workers: { lib: ["ES2022"], types: ["@cloudflare/workers-types"] },
  node: { lib: ["ES2022"], types: ["node"] },
};
const resolutions = {
  bundler: { module: "ESNext", moduleResolution: "bundler" },
  nodenext: { module: "NodeNext", moduleResolution: "nodenext" },
};

const project = mkdtempSync(join(tmpdir(), "authlete-token-types-"));
after(() => rmSync(project, { recursive: true, force: true }));
layOut();

// One after the other would take a minute, so two at a time.
describe("users' compilers", { concurrency: 2 }, () => {
  for (const [runtime, environment] of Object.entries(runtimes)) {
    for (const [version, compiler] of Object.entries(compilers)) {
      for (const [resolution, modules] of Object.entries(resolutions)) {
        test(`TypeScript ${version} accepts right uses and no wrong ones, with the types of ${runtime}, by ${resolution}`, async () => {
          const config = join(project, `${runtime}-${version}-${resolution}.json`);
          const compilerOptions = { ...strict, ...environment, ...modules };
          writeFileSync(
            config,
            JSON.stringify({
              compilerOptions,
              include: ["consumers/every/*.ts", `consumers/${runtime}/*.ts`],
            }),
          );
          const { code, output } = await run(process.execPath, [
            join(root, "node_modules", compiler, "bin/tsc"),
            "-p",
            config,
          ]);
          assert.equal(code, 0, output);
        });
      }
    }
  }
});

const strict = {
  target: "ES2022",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitReturns: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
};

/**
 * A separate project outside this repository, with the package as it is packed: its manifest and
 * its declarations.
 */
function layOut() {
  const installed = join(project, "node_modules/authlete-token");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "pkg/package.json"), join(installed, "package.json"));
  cpSync(join(root, "pkg/dist"), join(installed, "dist"), {
    recursive: true,
    filter: (path) => !path.endsWith(".js"),
  });
  for (const scope of ["@types", "@cloudflare"]) mkdirSync(join(project, "node_modules", scope));
  for (const name of ["@types/node", "@cloudflare/workers-types"])
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  cpSync(join(root, "tests/types/consumers"), join(project, "consumers"), { recursive: true });
  const everything = entryPoints().map(
    ({ name }, index) => `export * as entry${index} from "${name}";\n`,
  );
  writeFileSync(join(project, "consumers/every/entry-points.ts"), everything.join(""));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
}
