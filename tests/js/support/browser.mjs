// The browsers that the tests support: which are installed, and how to launch each. All have the
// methods that Playwright's and Puppeteer's browsers share: `newPage()`, `close()`, and pages with
// `goto`, `evaluate`, `waitForFunction`, `setDefaultTimeout`, `on("pageerror")`, `on("console")`
// and `close()`.
import { Refusal } from "../../../xtask/steps.mjs";
import * as chromium from "./chromium.mjs";
import * as firefox from "./firefox.mjs";
import * as webkit from "./webkit.mjs";

/** The browsers by the keys of their steps. */
const browsers = { chromium, firefox, webkit };

/**
 * Launches a browser without a window. It ends with `close()`, or at the latest with this process.
 *
 * @param {"chromium" | "firefox" | "webkit"} key
 */
export async function launchBrowser(key = "chromium") {
  const { find, launch, missing } = browsers[key];
  const found = await find();
  if (found === undefined) throw new Refusal(missing);
  return launch(found);
}

/**
 * Which browsers are installed: `[{ key, title, missing, found }]`. `found` describes the browser,
 * or is undefined if there is none; then `missing` says what to do.
 */
export async function findBrowsers() {
  const entries = Object.entries(browsers).map(
    async ([key, { title, missing, find, describe }]) => {
      const found = await find();
      return { key, title, missing, found: found && `${title} ${await describe(found)}` };
    },
  );
  return Promise.all(entries);
}
