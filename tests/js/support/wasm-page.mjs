// Runs a wasm-bindgen-test module in a page: its runner serves the page, and a browser opens it.
import { spawn } from "node:child_process";
import { environment, root } from "../../../xtask/steps.mjs";
import { launchBrowser } from "./browser.mjs";
import { freePort } from "./executables.mjs";

/**
 * Runs it in the browser of this key (`browser.mjs`); returns `{ code, output }`, as a finished
 * command does.
 */
export async function runInPage(key, testRunner, module) {
  const browser = await launchBrowser(key);
  const address = `127.0.0.1:${await freePort()}`;
  const runner = spawn(testRunner, [module], {
    cwd: root,
    env: { ...environment, NO_HEADLESS: "1", WASM_BINDGEN_TEST_ADDRESS: address },
  });
  const stop = () => runner.kill();
  process.once("exit", stop);
  try {
    await ready(runner);
    const page = await browser.newPage();
    await page.goto(`http://${address}`);
    page.setDefaultTimeout(120_000);
    await page.waitForFunction(() =>
      document.querySelector("#output")?.textContent.includes("test result:"),
    );
    const output = await page.evaluate(() => document.querySelector("#output").textContent);
    return { code: /^test result: ok/m.test(output) ? 0 : 1, output };
  } finally {
    stop();
    process.off("exit", stop);
    await browser.close();
  }
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
