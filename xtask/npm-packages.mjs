// The npm packages: which ones the lock file requires for a scope, whether they are installed, and
// one `npm ci` if not.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { looksOffline, Refusal, root, run, step, tail } from "./steps.mjs";

/**
 * What `npm start`, `npm run engine`, `npm run build` and `npm run docs` need: no browser, no test
 * tools. One set, so that none of them installs after another.
 */
const startWorkspaces = ["pkg", "worker-example", "docs"];

/**
 * Installs the packages of `scope` ("start" or "all") unless they are all there in the locked
 * versions.
 */
export async function installPackages(scope) {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const everything = lock.packages[""].workspaces;
  if (installed(lock, scope === "all" ? everything : startWorkspaces)) return;

  // Test tools that are installed stay: an install for fewer workspaces would remove them.
  const all = scope === "all" || existsSync(join(root, "node_modules/authlete-token-tests"));
  const narrowed = all
    ? []
    : [...startWorkspaces.flatMap((name) => ["--workspace", name]), "--include-workspace-root"];
  await step("Installing npm packages", async () => {
    const { code, output } = await npm(["ci", "--no-audit", "--no-fund", ...narrowed]);
    if (code === 0) return;
    if (looksOffline(output)) {
      throw new Refusal(
        "npm could not reach its package registry: connect to the network, or configure a registry, and run this again.",
      );
    }
    throw new Refusal(`npm ci failed:\n${tail(output)}`);
  });
}

/**
 * npm itself, run by its own Node: the Node in node_modules disappears during `npm ci`.
 */
function npm(args) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  return cli?.endsWith(".js") ? run(node ?? process.execPath, [cli, ...args]) : run("npm", args);
}

/**
 * Whether every package that the workspaces reach through the lock file is in node_modules, in its
 * locked version.
 */
function installed(lock, workspaces) {
  const reached = new Set();
  const queue = ["", ...workspaces];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const entry = lock.packages[path];
    if (path.includes("node_modules/") && !entry.link && !matches(entry)) continue;
    if (
      path.includes("node_modules/") &&
      installedVersion(path) !==
        (entry.link ? lock.packages[entry.resolved].version : entry.version)
    ) {
      return false;
    }
    if (entry.link) queue.push(entry.resolved);
    for (const name of dependencyNames(entry, path)) {
      const found = resolve(lock, path, name);
      if (found) queue.push(found);
    }
  }
  return true;
}

function dependencyNames(entry, path) {
  const development = path.includes("node_modules/") ? {} : entry.devDependencies;
  return Object.keys({
    ...entry.dependencies,
    ...entry.optionalDependencies,
    ...entry.peerDependencies,
    ...development,
  });
}

/** Node's own look-up, in the lock file: the nearest node_modules above `path` that has `name`. */
function resolve(lock, path, name) {
  for (let from = path; ; from = from.includes("/") ? from.slice(0, from.lastIndexOf("/")) : "") {
    const candidate = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
    if (lock.packages[candidate]) return candidate;
    if (from === "") return undefined;
  }
}

/**
 * Whether an optional package is for another machine, and so not installed here. For packages that
 * differ by C library, npm decides.
 */
function matches(entry) {
  if (!entry.optional) return true;
  return (
    (entry.os?.includes(process.platform) ?? true) &&
    (entry.cpu?.includes(process.arch) ?? true) &&
    !entry.libc
  );
}

function installedVersion(path) {
  try {
    return JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")).version;
  } catch {
    return null;
  }
}
