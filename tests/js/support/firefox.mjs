// An installed Firefox, driven over WebDriver BiDi.
import { executable, versionAt } from "./executables.mjs";

export const title = "Firefox";
export const missing =
  "No Firefox: install Firefox (Debian's package is firefox-esr), or set FIREFOX_PATH.";

/** The path of Firefox. */
export const find = async () =>
  executable(
    process.env.FIREFOX_PATH,
    ["firefox", "firefox-esr"],
    ["/Applications/Firefox.app/Contents/MacOS/firefox"],
  );

/** A description of the browser. */
export const describe = versionAt;

export async function launch(executablePath) {
  const { default: puppeteer } = await import("puppeteer-core");
  return puppeteer.launch({ browser: "firefox", executablePath, headless: true });
}
