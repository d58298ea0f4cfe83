// The Node.js versions that npm brings.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { newerNode } from "../../../xtask/newer-node.mjs";
import { Refusal, root } from "../../../xtask/steps.mjs";

/** The path of a Node.js of this major version. */
export function nodeOf(major) {
  const machine = `${process.platform}-${process.arch}`;
  const path = join(root, `node_modules/node${major}-${machine}/bin/node`);
  if (existsSync(path)) return path;
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  if (major === 24) return newerNode();
  throw new Refusal(`npm brings no Node.js ${major} for ${machine}.`);
}
