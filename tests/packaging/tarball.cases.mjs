// What is in the tarball: these files and no others, a sound manifest, and nothing of the machine
// that built it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { root, run } from "../../xtask/steps.mjs";
import { npm } from "./support/pack.mjs";
import { installed, withProject } from "./support/project.mjs";

/**
 * Texts that only one of the two artefacts has, each from a different part of it, and texts of the
 * token endpoint, which both have.
 */
const marks = {
  operations: ["maxResponseBytes", "fetch returned", "no answer from Authlete"],
  engine: ["engine_open", "idTokenReissuable", "redirect_uris", "A050305"],
};
const endpoint = ["authenticateUser", "hookTimeoutMs", "temporarily_unavailable"];

export function tarball(packed) {
  describe("the tarball", () => {
    /** Path in the package → bytes, of every file as npm installs it. */
    const contents = new Map();
    before(() =>
      withProject(packed, [], ({ folder }) => {
        for (const path of packed.files)
          contents.set(path, readFileSync(join(folder, "node_modules/authlete-token", path)));
      }),
    );

    test("it has exactly the files of the reviewed list", () => {
      const reviewed = readFileSync(new URL("files.txt", import.meta.url), "utf8")
        .trim()
        .split("\n");
      const without = (paths, others) => paths.filter((path) => !others.includes(path));
      assert.deepEqual(
        { added: without(packed.files, reviewed), missing: without(reviewed, packed.files) },
        { added: [], missing: [] },
      );
    });

    test("publint finds nothing, strictly", () =>
      clean("publint/src/cli.js", ["run", packed.tarball, "--strict"], /All good!/));

    test("Are The Types Wrong finds nothing for users of ES modules", () =>
      clean(
        "@arethetypeswrong/cli/dist/index.js",
        [
          packed.tarball,
          "--profile",
          "esm-only",
          "--no-definitely-typed",
          "--exclude-entrypoints",
          "operations.wasm",
          "engine.wasm",
        ],
        /authlete-token/,
      ));

    test("every export leads to a file", () => {
      const { exports } = JSON.parse(contents.get("package.json"));
      for (const target of Object.values(exports).flatMap((each) =>
        typeof each === "string" ? each : Object.values(each),
      )) {
        assert.ok(contents.has(target.replace("./", "")), target);
      }
    });

    test("types come first in every condition object", () => {
      const { exports } = JSON.parse(contents.get("package.json"));
      const objects = Object.values(exports).filter((each) => typeof each === "object");
      for (const conditions of objects) assert.equal(Object.keys(conditions)[0], "types");
    });

    test("it depends on nothing and runs nothing when it is installed", () => {
      const manifest = JSON.parse(contents.get("package.json"));
      for (const name of [
        "dependencies",
        "peerDependencies",
        "optionalDependencies",
        "scripts",
        "bin",
      ])
        assert.equal(manifest[name], undefined, name);
    });

    test("its changelog and its recipes are the repository's", () => {
      const recipes = readdirSync(join(root, "docs/recipes")).map((name) => `docs/recipes/${name}`);
      for (const path of ["CHANGELOG.md", ...recipes])
        assert.equal(contents.get(path)?.toString(), readFileSync(join(root, path), "utf8"), path);
    });

    test("links between its pages lead to files that it has", () => {
      for (const page of packed.files.filter((path) => path.endsWith(".md"))) {
        for (const [, target] of contents
          .get(page)
          .toString()
          .matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
          assert.ok(contents.has(join(dirname(page), target)), `${page}: ${target}`);
        }
      }
    });

    test("the README's command makes this file, and its next one installs it", async () => {
      const [pack, install] = readFileSync(join(root, "README.md"), "utf8").match(
        /npm (pack|install) .*/g,
      );
      const [, workspace] = /^npm pack --workspace (\S+)/.exec(pack);
      const [{ filename }] = JSON.parse(
        await npm(
          ["pack", "--workspace", workspace, "--dry-run", "--json", "--loglevel=error"],
          root,
        ),
      );
      assert.equal(filename, basename(packed.tarball));
      assert.equal(basename(/^npm install (\S+)/.exec(install)[1]), filename);
    });

    test("its licence is the repository's", () => {
      assert.equal(contents.get("LICENSE").toString(), readFileSync(join(root, "LICENSE"), "utf8"));
    });

    test("no file names a folder of the machine that built it, nor its user", () => {
      const places = [root, homedir(), "/.cargo/", "/rustlib/", "/node_modules/"];
      // A user name such as root is also an ordinary word.
      const { username } = userInfo();
      if (!["root", "runner", "node"].includes(username)) places.push(username);
      const found = packed.files.flatMap((path) =>
        places
          .filter((place) => contents.get(path).includes(place))
          .map((place) => `${path}: ${place}`),
      );
      assert.deepEqual(found, []);
    });

    for (const [name, own] of Object.entries(marks)) {
      const other = name === "operations" ? "engine" : "operations";

      test(`${name}.wasm holds the endpoint and its own part, and nothing of the other's`, () => {
        const bytes = contents.get(`wasm/${name}.wasm`);
        for (const mark of [...own, ...endpoint])
          assert.ok(bytes.includes(mark), `${mark} should be in ${name}.wasm`);
        for (const mark of marks[other])
          assert.ok(!bytes.includes(mark), `${mark} should not be in ${name}.wasm`);
      });

      test(`${name}.wasm is a module that imports from nowhere but its own glue`, async () => {
        const module = await WebAssembly.compile(contents.get(`wasm/${name}.wasm`));
        assert.deepEqual(
          [...new Set(WebAssembly.Module.imports(module).map((entry) => entry.module))],
          [`./${name}_bg.js`],
        );
      });
    }
  });
}

/** Runs a checker that npm installed here; it must succeed, with its usual output. */
async function clean(checker, args, says) {
  const { code, output } = await run(process.execPath, [installed(checker), ...args]);
  assert.equal(code, 0, output);
  assert.match(output, says);
}
