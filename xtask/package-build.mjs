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
  "artefacts",
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
 * Builds the package unless the stamp of the last build still matches the sources and the outputs.
 * `packages` installs the npm packages, with which the build ends: the build tool is compiled
 * meanwhile.
 */
export async function buildPackage(packages) {
  for (const path of documents) {
    // A recipe that was removed here must not stay there.
    rmSync(join(root, "pkg", path), { recursive: true, force: true });
    cpSync(join(root, path), join(root, "pkg", path), { recursive: true });
  }
  const before = { sources: digest(sources, contents), outputs: digest(outputs, appearance) };
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === JSON.stringify(before)) {
    await packages;
    return;
  }
  const first = outputs.some((path) => !existsSync(join(root, path)));
  const tool = first ? step("Compiling the build tool", () => cargo("build")) : undefined;
  await Promise.all([packages, tool]);
  await step(`Building the package${first ? " (the first time takes a minute)" : ""}`, () =>
    cargo("run", "--", "build"),
  );
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(
    stamp,
    JSON.stringify({ sources: before.sources, outputs: digest(outputs, appearance) }),
  );
}

/** Lets cargo compile the build tool (`build`), or compile and run it. */
async function cargo(command, ...rest) {
  const tool = [command, "--quiet", "--locked", "--package", "xtask", ...rest];
  const { code, output } = await run("cargo", tool);
  if (code === 0) return;
  if (looksOffline(output)) {
    throw new Refusal(
      "cargo could not download its crates: connect to the network and run this again.",
    );
  }
  throw new Refusal(`The build failed:\n${tail(output)}`);
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
