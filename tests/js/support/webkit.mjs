// WebKitGTK's MiniBrowser on a display of its own, driven over WebDriver.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { executable, freePort } from "./executables.mjs";
import { startSession } from "./webdriver.mjs";

export const title = "WebKit";
export const missing =
  "No WebKit: install WebKitWebDriver, MiniBrowser and Xvfb (Debian's packages are webkit2gtk-driver, libgl1-mesa-dri and xvfb).";

/**
 * Always needed: there is no graphics card, and as root no sandbox. It opens only our own pages on
 * loopback.
 */
const settings = {
  GDK_BACKEND: "x11",
  LIBGL_ALWAYS_SOFTWARE: "1",
  WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
};

/** The paths of browser, driver and display. */
export async function find() {
  const found = {
    browser: miniBrowser(),
    driver: executable(undefined, ["WebKitWebDriver"]),
    display: executable(undefined, ["Xvfb"]),
  };
  return Object.values(found).includes(undefined) ? undefined : found;
}

/** A description of the browser. */
export const describe = async ({ browser }) => `(${browser})`;

export async function launch({ browser, driver, display }) {
  const children = [];
  const stop = () => {
    for (const child of children) child.kill();
  };
  const stopAndEnd = () => process.exit(1);
  process.once("exit", stop).once("SIGTERM", stopAndEnd);
  const close = () => {
    process.off("exit", stop).off("SIGTERM", stopAndEnd);
    stop();
  };
  const start = (...command) => {
    const [program, args, options] = command;
    const child = spawn(program, args, options);
    children.push(child);
    return child;
  };
  try {
    // It uses the first free display, and prints its number.
    const screen = start(
      display,
      ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const number = await new Promise((resolve, reject) => {
      screen.stdout.once("data", (data) => resolve(String(data).trim()));
      screen.once("error", reject).once("exit", () => reject(new Error("the display ended")));
    });
    const port = await freePort();
    start(driver, [`--port=${port}`, "--host=127.0.0.1"], {
      stdio: "ignore",
      env: { ...process.env, ...settings, DISPLAY: `:${number}` },
    });
    const options = { "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] } };
    const session = await startSession(`http://127.0.0.1:${port}`, options);
    return { newPage: session.newPage, close: () => session.close().finally(close) };
  } catch (error) {
    close();
    throw error;
  }
}

/** It is not on the PATH: `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser`. */
function miniBrowser() {
  const inside = (folder) => {
    try {
      return readdirSync(folder).map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  const folders = [
    "/usr/lib",
    "/usr/libexec",
    ...inside("/usr/lib").filter((path) => path.includes("-linux-")),
  ].flatMap(inside);
  return executable(
    undefined,
    [],
    folders
      .filter((path) => /\/webkit2?gtk-[\d.]+$/.test(path))
      .map((path) => join(path, "MiniBrowser")),
  );
}
