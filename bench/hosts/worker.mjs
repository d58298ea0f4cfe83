// A worker that runs batches: `/CONTENDER?calls=N`. It can't measure their time itself: a worker's
// clock stands still between I/O.
import { run } from "../calls/contenders.mjs";

export default {
  async fetch(incoming) {
    const { pathname, searchParams } = new URL(incoming.url);
    try {
      await run(pathname.slice(1), Number(searchParams.get("calls")));
      return new Response("done");
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
