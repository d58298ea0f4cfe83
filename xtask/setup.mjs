// Set-up, in named steps. Each first checks whether its work is already done, so that a repeated
// run is quick.
import { installPackages } from "./npm-packages.mjs";
import { buildPackage } from "./package-build.mjs";
import { buildPlayground } from "./playground-build.mjs";
import { alone } from "./setup-lock.mjs";
import { Refusal } from "./steps.mjs";
import { ensureToolchain } from "./toolchain.mjs";

/**
 * Makes the repository ready to run.
 *
 * @param {"start" | "all"} scope "start": what the worker example, the engine and the API reference
 * need; "all": also what the tests need.
 */
export async function setUp(scope) {
  checkNode();
  await alone(async () => {
    // The one waits for the network, the other for the processor.
    const packages = installPackages(scope);
    await Promise.all([packages, ensureToolchain().then(() => buildPackage(packages))]);
    await buildPlayground();
  });
}

function checkNode() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new Refusal(
      `Node 20 or later is needed, and this is Node ${process.versions.node}: get a newer one from https://nodejs.org.`,
    );
  }
}
