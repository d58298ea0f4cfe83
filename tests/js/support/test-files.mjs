// Which test files run where: those that start workerd by themselves need a newer Node than users may have, those that start a browser are
// counted for it, and all others run in the user's Node.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../xtask/steps.mjs";

const starts = { workerd: /^import .*\/workerd\.mjs";$/m, chromium: /^import .*\/browser\.mjs";$/m };

/** The test files of a host ("node", "workerd", "chromium"), as paths from the root. */
export function testFiles(host) {
  return readdirSync(join(root, "tests/js"), { recursive: true })
    .filter((file) => file.endsWith(".test.mjs"))
    .sort()
    .map((file) => join("tests/js", file))
    .filter((file) => hostOf(readFileSync(join(root, file), "utf8")) === host);
}

function hostOf(source) {
  return Object.keys(starts).find((name) => starts[name].test(source)) ?? "node";
}
