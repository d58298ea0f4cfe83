// A Node.js process that runs batches: it is told a contender and a number of calls, and tells the
// milliseconds they took.
import { run } from "../calls/contenders.mjs";

process.once("disconnect", () => process.exit());
process.on("message", async ({ id, calls }) => {
  try {
    const started = performance.now();
    await run(id, calls);
    process.send({ milliseconds: performance.now() - started });
  } catch (error) {
    process.send({ error: error.stack });
  }
});
