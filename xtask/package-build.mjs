// Builds the package (wasm and TypeScript) when a source or an output has changed since the last
// build.
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildRecord } from "./changes.mjs";
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
const outputs = ["pkg/dist", "pkg/wasm", "pkg/engine.schema.json"];
/** Files elsewhere in the repository that are copied into the package. */
const documents = ["CHANGELOG.md", "docs/recipes"];
const record = buildRecord("build", { sources, outputs, generated: ["js/generated"] });

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
  if (record.fresh()) {
    await packages;
    return;
  }
  const first = outputs.some((path) => !existsSync(join(root, path)));
  const tool = first ? step("Compiling the build tool", () => cargo("build")) : undefined;
  await Promise.all([packages, tool]);
  await step(`Building the package${first ? " (the first time takes a minute)" : ""}`, () =>
    cargo("run", "--", "build"),
  );
  record.built();
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
