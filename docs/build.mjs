// `npm run docs`: sets up what it needs, builds the package, and writes the API reference into
// docs/api.
import { join } from "node:path";
import { setUp } from "../xtask/setup.mjs";
import { main, Refusal, root, step } from "../xtask/steps.mjs";

await main(async () => {
  await setUp("start");
  const folder = join(root, "docs/api");
  await step("Writing the API reference", async () => {
    // Imported only now: the set-up installs what it imports.
    const { writeReference } = await import("./reference.mjs");
    const warnings = await writeReference(folder);
    if (warnings.length > 0)
      throw new Refusal(`The API reference has gaps:\n${warnings.join("\n")}`);
  });
  console.log(`API reference: ${join(folder, "index.html")}`);
});
