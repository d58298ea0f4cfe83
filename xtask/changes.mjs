// Whether something has to be built again: digests over the files that a build reads and writes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./steps.mjs";

/**
 * The record of one build, in `.cache/`. `fresh()` says whether the sources and the outputs are
 * still those of the last build; `built()` keeps the sources of the last `fresh()`, and the outputs
 * as they are now. Folders of `generated` inside of the sources don't count.
 */
export function buildRecord(name, { sources, outputs, generated = [] }) {
  const stamp = join(root, ".cache", `${name}.json`);
  const built = (paths) => digest(paths, appearance, generated);
  let read;
  return {
    fresh() {
      read = digest(sources, contents, generated);
      return (
        existsSync(stamp) &&
        readFileSync(stamp, "utf8") === JSON.stringify({ sources: read, outputs: built(outputs) })
      );
    },
    built() {
      mkdirSync(dirname(stamp), { recursive: true });
      writeFileSync(stamp, JSON.stringify({ sources: read, outputs: built(outputs) }));
    },
  };
}

/** A digest over the files below `paths`; `describe` gives what counts of each. */
function digest(paths, describe, generated) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of files(path, generated))
      hash.update(`${file}\0${describe(join(root, file))}\0`);
  }
  return hash.digest("hex");
}

const contents = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Outputs are large and nobody edits them: size and time are enough. */
const appearance = (file) => {
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
};

function files(path, generated) {
  const absolute = join(root, path);
  if (generated.includes(path) || !existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute)
    .sort()
    .flatMap((name) => files(`${path}/${name}`, generated));
}
