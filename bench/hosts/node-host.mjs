// A Node.js process that runs batches: it gets a contender and a number of calls, and answers with
// the milliseconds that they took.
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
