// `npm run playground:static [-- FOLDER]`: writes the playground as files for any static host. The
// authorization server runs in the page, so there is nothing behind them.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { playgroundFolder } from "./playground-build.mjs";
import { setUp } from "./setup.mjs";
import { main, Refusal, root } from "./steps.mjs";

/** Where npm was called, since it changes to the repository's root. */
const here = process.env.INIT_CWD ?? process.cwd();

await main(async () => {
  const folder = target();
  await setUp("start");

  cpSync(playgroundFolder, folder, { recursive: true });
  // Only logins at a worker end there.
  for (const name of ["callback.html", "callback.js"]) rmSync(join(folder, name));
  const file = join(folder, "index.html");
  const page = readFileSync(file, "utf8");
  const inTab = page.replace('data-mode="worker"', 'data-mode="tab"');
  if (inTab === page) throw new Error("The playground's page does not say its mode.");
  writeFileSync(file, inTab);

  const near = relative(here, folder) || ".";
  const shown = near.startsWith("..") ? folder : near;
  console.log(
    `The playground is in ${shown}: copy these files to any web server that sends .wasm and .js`,
  );
  console.log("files as what they are, under any path, over https (or on localhost). To try it:");
  console.log(`python3 -m http.server --directory ${shown} 8080`);
});

/** The folder to write: a new one, an empty one, or one that this has written. */
function target() {
  const given = process.argv.slice(2);
  if (given.length > 1 || given[0]?.startsWith("-"))
    throw new Refusal("The only argument is the folder to write.");
  const folder =
    given.length === 1 ? resolve(here, given[0]) : join(root, "worker-example/dist-static");
  const foreign = existsSync(folder) && readdirSync(folder).length > 0 && !ours(folder);
  if (foreign)
    throw new Refusal(`The folder ${folder} has other files: name a new or an empty one.`);
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

/** Whether a folder is a playground that was written before. */
function ours(folder) {
  const file = join(folder, "index.html");
  return existsSync(file) && readFileSync(file, "utf8").includes('data-mode="tab"');
}
