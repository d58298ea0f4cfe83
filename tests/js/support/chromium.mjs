// Chrome or Chromium: an installed one, or the one that npm brings.
import { executable, versionAt } from "./executables.mjs";

const names = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export const title = "Chromium";
export const missing =
  "No Chromium: install Chrome or Chromium, or set CHROME_PATH; npm brings one for Linux x64 only.";

const installed = () => executable(process.env.CHROME_PATH, names, elsewhere);

/** The path of Chromium. */
export async function find() {
  return installed() ?? (await packaged());
}

/** A description of the browser. */
export const describe = async (path) => (path === installed() ? versionAt(path) : "(npm)");

export async function launch(executablePath) {
  const { chromium } = await import("playwright-core");
  // As root, as often in containers, Chromium can't use its sandbox. It opens only our own pages on
  // loopback.
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
}

async function packaged() {
  try {
    const { default: brought } = await import("@sparticuz/chromium");
    return await brought.executablePath();
  } catch {
    return undefined;
  }
}
