// The tarball that `npm publish` would send.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environment, Refusal, root, run } from "../../../xtask/steps.mjs";

/** A user's environment for npm: without the variables of the npm that runs these tests. */
const usersEnvironment = Object.fromEntries(
  Object.entries(environment).filter(([name]) => !/^npm_(?!execpath|node_execpath)/i.test(name)),
);

/** Packs the built package: `{ tarball, files, dispose }`. */
export async function pack() {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/packed-"));
  const output = await npm(
    ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder],
    join(root, "pkg"),
  );
  const [{ filename, files }] = JSON.parse(output);
  return {
    tarball: join(folder, filename),
    /** Paths inside the package, sorted. */
    files: files.map(({ path }) => path).sort(),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs npm in a folder; returns its output, or throws a `Refusal` with it. */
export async function npm(args, cwd) {
  const { npm_execpath: cli, npm_node_execpath: node = process.execPath } = process.env;
  const command = cli?.endsWith(".js") ? [node, [cli, ...args]] : ["npm", args];
  const { code, output } = await run(...command, { cwd, env: usersEnvironment });
  if (code !== 0) throw new Refusal(`npm ${args.join(" ")} failed:\n${output}`);
  return output;
}
