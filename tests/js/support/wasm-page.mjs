// Runs a wasm-bindgen-test module in a page: its runner serves the page, and a browser opens it.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { environment, root } from "../../../xtask/steps.mjs";
import { launchBrowser } from "./browser.mjs";

/** Gives `{ code, output }`, as a finished command does. */
export async function runInPage(xtask, module) {
  const browser = await launchBrowser();
  const address = `127.0.0.1:${await freePort()}`;
  const runner = spawn(xtask, ["test-runner", module], { cwd: root, env: { ...environment, NO_HEADLESS: "1", WASM_BINDGEN_TEST_ADDRESS: address } });
  const stop = () => runner.kill();
  process.once("exit", stop);
  try {
    await ready(runner);
    const page = await browser.newPage();
    await page.goto(`http://${address}`);
    const shown = page.locator("#output").filter({ hasText: "test result:" });
    await shown.waitFor({ timeout: 120_000 });
    const output = await shown.textContent();
    return { code: /^test result: ok/m.test(output) ? 0 : 1, output };
  } finally {
    stop();
    process.off("exit", stop);
    await browser.close();
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when the runner says that it serves the page. */
function ready(runner) {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (data) => {
      output += data;
      if (output.includes("http://")) resolve();
    };
    runner.stdout.on("data", read);
    runner.stderr.on("data", read);
    runner.once("error", reject);
    runner.once("exit", () => reject(new Error(`the test runner ended:\n${output}`)));
  });
}
