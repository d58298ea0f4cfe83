// Which test files run where: those that are named after a browser, or start one, belong to it;
// those that start workerd themselves need a newer Node than users may have; all others run in the
// user's Node.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../xtask/steps.mjs";

const named = /(?:^|[./])(chromium|firefox|webkit)\.test\.mjs$/;
const starts = {
  workerd: /^import .*\/workerd\.mjs";$/m,
  chromium: /^import .*\/browser\.mjs";$/m,
};

/**
 * The test files of a host ("node", "workerd", "chromium", "firefox", "webkit"), as paths from the
 * root.
 */
export function testFiles(host) {
  return readdirSync(join(root, "tests/js"), { recursive: true })
    .filter((file) => file.endsWith(".test.mjs"))
    .sort()
    .map((file) => join("tests/js", file))
    .filter((file) => hostOf(file) === host);
}

function hostOf(file) {
  const [, browser] = named.exec(file) ?? [];
  if (browser !== undefined) return browser;
  const source = readFileSync(join(root, file), "utf8");
  return Object.keys(starts).find((name) => starts[name].test(source)) ?? "node";
}
