// `npm run size`: sets up what it needs, builds the package, and prints what it weighs.
import { setUp } from "./setup.mjs";
import { main } from "./steps.mjs";

await main(async () => {
  await setUp("all");
  // Imported only now: the set-up installs what it imports.
  const { measure, table } = await import("./sizes.mjs");
  console.log(table(await measure()));
});
