// The user's Python, and the packages of the tests in Python, installed where only they see them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { alone } from "./setup-lock.mjs";
import { looksOffline, Missing, Refusal, root, run, step, tail } from "./steps.mjs";

const oldest = [3, 9];
const requirements = join(root, "tests/python/requirements.txt");

/**
 * The command that starts Python, the folder of the packages, which is in `cache`, and what to call
 * it. Throws `Missing` if there is no Python, or none that packages can be installed for.
 */
export async function pythonWithPackages(cache = join(root, ".cache/python")) {
  const command = "python3";
  const { code, output } = await run(command, [
    "-c",
    "import sys, sysconfig; print(*sys.version_info[:3], sysconfig.get_platform())",
  ]);
  const wanted = `Python ${oldest.join(".")} or later is needed as ${command}`;
  if (code !== 0) throw new Missing(`${wanted}, and there is none.`);
  const [major, minor, micro, platform] = output.trim().split(" ");
  const version = [major, minor, micro].join(".");
  if (Number(major) !== oldest[0] || Number(minor) < oldest[1])
    throw new Missing(`${wanted}, and this is Python ${version}.`);
  const key = createHash("sha256")
    .update(`${major}.${minor} ${platform}\n`)
    .update(readFileSync(requirements))
    .digest("hex");
  const packages = join(cache, key.slice(0, 16));
  await alone(async () => {
    if (!existsSync(packages))
      await step("Installing Python packages", () => install(command, packages));
  });
  return { command, packages, title: `Python ${version}` };
}

/** Installs into a folder of its own first: one that is there is complete. */
async function install(python, packages) {
  const cache = dirname(packages);
  const partial = join(cache, "partial");
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const { code, output } = await run(await withPip(python, cache), [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"],
    ...["--only-binary", ":all:", "--require-hashes", "--requirement", requirements],
    ...["--target", partial],
  ]);
  if (code === 0) {
    const others = readdirSync(cache).filter((name) => name !== basename(partial));
    for (const name of others) rmSync(join(cache, name), { recursive: true });
    return renameSync(partial, packages);
  }
  if (looksOffline(output))
    throw new Missing("pip could not reach its package index to install the tests' packages.");
  if (/No matching distribution/.test(output))
    throw new Missing("The tests' packages have no builds for this Python and platform.");
  throw new Refusal(`pip could not install the tests' packages:\n${tail(output, 20)}`);
}

/** A Python that has pip: the given one, or a virtual environment of it. */
async function withPip(python, cache) {
  if ((await run(python, ["-m", "pip", "--version"])).code === 0) return python;
  const environment = join(cache, "pip");
  const { code } = await run(python, ["-m", "venv", "--clear", environment]);
  if (code === 0) return join(environment, "bin/python3");
  throw new Missing(`${python} has neither pip nor venv (on Debian: apt-get install python3-pip).`);
}
