// npm's page shows pkg/README.md: the repository's README, with links that work there. Run as a
// program, this file writes it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../../xtask/steps.mjs";

const { homepage } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
const repository = homepage.replace(/#.*$/, "");

/** What pkg/README.md must contain. */
export function packageReadme() {
  return readFileSync(join(root, "README.md"), "utf8")
    .replace(/\]\((?!https?:|#)/g, `](${repository}/blob/main/`)
    .replace(/ (src|srcset)="(?!https?:)/g, ` $1="${repository}/raw/main/`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(root, "pkg/README.md"), packageReadme());
