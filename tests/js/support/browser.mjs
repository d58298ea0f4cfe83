// Chromium: an installed one, or the one that npm brings.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { Refusal } from "../../../xtask/steps.mjs";

const names = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];
const elsewhere = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** Launches a headless Chrome or Chromium; CHROME_PATH names another one. */
export async function launchBrowser() {
  const executablePath = installed() ?? (await packaged());
  // As root, which containers often are, Chromium has no sandbox. It opens nothing but our own pages on loopback.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}

function installed() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [process.env.CHROME_PATH, ...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...elsewhere];
  return candidates.filter(Boolean).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function packaged() {
  try {
    const { default: brought } = await import("@sparticuz/chromium");
    return await brought.executablePath();
  } catch {
    throw new Refusal("No browser: install Chrome or Chromium, or set CHROME_PATH; npm brings one for Linux x64 only.");
  }
}
