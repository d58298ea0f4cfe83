// A Node that wrangler accepts: this one, or the newer one that comes as an optional npm package.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Refusal, root } from "./steps.mjs";

/** The path of Node 22.12 or later, which wrangler requires. */
export function newerNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath;
  const machine = `${process.platform}-${process.arch}`;
  for (const name of [`node-${machine}`, `node-bin-${machine}`]) {
    const path = join(root, "node_modules", name, "bin/node");
    if (existsSync(path)) return path;
  }
  throw new Refusal(
    `Running the worker needs Node 22.12 or later, and no npm package installed one for ${machine}: install it from https://nodejs.org and run this again.`,
  );
}
