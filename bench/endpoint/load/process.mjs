// The load generator, a process of its own: it gets slices to run, and answers with what it has
// measured.
import { connect } from "./connection.mjs";
import { cpuTime } from "./cpu-time.mjs";
import { grants, headers } from "./grants.mjs";

process.once("disconnect", () => process.exit());
process.on("message", async (slice) => {
  try {
    process.send(await run(slice));
  } catch (error) {
    process.send({ error: error.stack });
  }
});

/** What is left over from earlier slices: refresh tokens, by slice. */
const stock = new Map();

/** How many requests a millisecond has had, at most, by slice. */
const rates = new Map();

/**
 * Runs one slice: `connections` connections each send their next request as soon as the last one is
 * answered, first for a moment that does not count, then for `milliseconds`.
 */
async function run({ id, target, grant, connections, milliseconds }) {
  const { supply, form, next } = grants[grant];
  const warming = milliseconds / 5;
  // Only a grant that uses up what it needs takes more than one for each connection.
  const expected = Math.ceil((rates.get(id) ?? 0.3) * (milliseconds + warming) * 1.3);
  const wanted = next === undefined ? Math.min(expected, 1500) + 2 * connections : connections;
  const supplied = stock.get(id) ?? (await supply(target, wanted));
  const each = await Promise.all(
    Array.from({ length: connections }, () => connect(target.origin, "/token", headers(target))),
  );
  const body = (value) => new URLSearchParams({ grant_type: grant, ...form(value) }).toString();
  const exchange = async (connection, value) => {
    const answer = await connection.post(body(value));
    if (typeof answer.access_token !== "string") throw new Error("no access token in the answer");
    return answer;
  };

  /** All connections until the time is over, or what the grant needs is used up. */
  const phase = async (time) => {
    const latencies = [];
    const started = performance.now();
    const used = process.cpuUsage();
    const server = cpuTime(target.pid);
    await Promise.all(
      each.map(async (connection, index) => {
        while (performance.now() - started < time) {
          const value = next === undefined ? supplied.pop() : supplied[index];
          if (value === undefined) break;
          const sent = performance.now();
          const answer = await exchange(connection, value);
          latencies.push(performance.now() - sent);
          if (next !== undefined) supplied[index] = next(answer);
        }
      }),
    );
    const elapsed = performance.now() - started;
    const { user, system } = process.cpuUsage(used);
    const serverCpu = server === undefined ? undefined : cpuTime(target.pid) - server;
    return { latencies, elapsed, serverCpu, busy: (user + system) / 1000 / elapsed };
  };

  try {
    await phase(warming);
    const measured = await phase(milliseconds);
    if (next !== undefined) stock.set(id, supplied);
    rates.set(id, Math.max(rates.get(id) ?? 0, measured.latencies.length / measured.elapsed));
    return measured;
  } finally {
    for (const connection of each) connection.close();
  }
}
