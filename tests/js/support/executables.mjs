// Programs that may be installed on this machine, and ports for them.
import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { run } from "../../../xtask/steps.mjs";

/**
 * The path of the first program that exists: first the one that an environment variable names, then
 * by name on the PATH, then in other places.
 */
export function executable(told, names, elsewhere = []) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [
    told,
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...elsewhere,
  ];
  return candidates.filter(Boolean).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Version and path of a program that prints its version for `--version`. */
export async function versionAt(path) {
  const { output } = await run(path, ["--version"]);
  const [version] = /\d+(\.\d+)+/.exec(output) ?? [];
  return version === undefined ? `(${path})` : `${version} (${path})`;
}

/** A port on loopback that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
