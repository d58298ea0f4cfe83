// Makes the README's pictures: `node tests/js/playground/browser/pictures.mjs`.
import { join } from "node:path";
import { root } from "../../../../xtask/steps.mjs";
import { openBrowser } from "./driver.mjs";
import { workerSite } from "./sites.mjs";
import { open, play } from "./walk.mjs";

const site = await workerSite();
const browser = await openBrowser("chromium");
try {
  const profile = await browser.profile();
  const tab = await profile.tab();
  await tab.page.setViewportSize({ width: 1440, height: 1230 });
  await open(tab, site.url);
  await play(tab, { title: "User name and password" });
  await tab.page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  await tab.page.mouse.move(0, 0);
  for (const colorScheme of ["light", "dark"]) {
    await tab.page.emulateMedia({ colorScheme });
    await tab.page.screenshot({ path: join(root, `docs/playground-${colorScheme}.png`) });
  }
} finally {
  await browser.close();
  await site.close();
}
