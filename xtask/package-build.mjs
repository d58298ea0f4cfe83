// Builds the package (wasm and TypeScript) when a source or an output has changed since the last
// build.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { looksOffline, Refusal, root, run, step, tail } from "./steps.mjs";

/** Everything that the build reads, apart from files that git ignores. */
const sources = [
  "src",
  "js",
  "xtask/src",
  "xtask/Cargo.toml",
  "xtask/bundle.mjs",
  "xtask/entry-points.mjs",
  "Cargo.toml",
  "Cargo.lock",
  "rust-toolchain.toml",
  "package-lock.json",
  "pkg/package.json",
];
/** Generated code inside the source directories. */
const generated = new Set(["js/generated"]);
const outputs = ["pkg/dist", "pkg/wasm", "pkg/engine.schema.json"];
/** Files elsewhere in the repository that are copied into the package. */
const documents = ["CHANGELOG.md", "docs/recipes"];
const stamp = join(root, ".cache/build.json");

/**
 * Runs `xtask build` unless the stamp of the last build still matches the sources and the outputs.
 */
export async function buildPackage() {
  for (const path of documents) {
    // A recipe that was removed here must not stay there.
    rmSync(join(root, "pkg", path), { recursive: true, force: true });
    cpSync(join(root, path), join(root, "pkg", path), { recursive: true });
  }
  const before = { sources: digest(sources, contents), outputs: digest(outputs, appearance) };
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === JSON.stringify(before)) return;
  const first = outputs.every((path) => existsSync(join(root, path)))
    ? ""
    : " (the first time takes about two minutes)";
  await step(`Building the package${first}`, async () => {
    const { code, output } = await run("cargo", [
      "run",
      "--quiet",
      "--locked",
      "-p",
      "xtask",
      "--",
      "build",
    ]);
    if (code === 0) return;
    if (looksOffline(output)) {
      throw new Refusal(
        "cargo could not download its crates: connect to the network and run this again.",
      );
    }
    throw new Refusal(`The build failed:\n${tail(output)}`);
  });
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(
    stamp,
    JSON.stringify({ sources: before.sources, outputs: digest(outputs, appearance) }),
  );
}

/** A digest over the files below `paths`; `describe` gives what counts of each. */
function digest(paths, describe) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of files(path)) hash.update(`${file}\0${describe(join(root, file))}\0`);
  }
  return hash.digest("hex");
}

const contents = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Outputs are large and nobody edits them: size and time are enough. */
const appearance = (file) => {
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
};

function files(path) {
  const absolute = join(root, path);
  if (generated.has(path) || !existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute)
    .sort()
    .flatMap((name) => files(`${path}/${name}`));
}
