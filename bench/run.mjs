// `npm run bench [-- PART …] [-- --json] [-- --quick]`: sets up, then measures calls, first
// answers, token endpoints and what grows with the number of tokens, or only the parts that are
// named, and compares them with hand-written code and with other packages.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { setUp } from "../xtask/setup.mjs";
import { main, Refusal } from "../xtask/steps.mjs";

/**
 * By part: what `measure` spends on it. For calls, the seconds of a host, the number of processes,
 * and the fewest laps; for first answers, the starts of each contender; for token endpoints, the
 * seconds of them all, the number of processes, and the length of a slice and of a contender's
 * warm-up; for the growth, the seconds of a host, the numbers of live rows, and of requests for the
 * memory.
 */
const parts = {
  calls: {
    full: { seconds: 45, processes: 3, laps: 10 },
    quick: { seconds: 4, processes: 1, laps: 3 },
    async measure(effort) {
      const { hosts } = await import("./hosts/index.mjs");
      const { measureCalls } = await import("./measure.mjs");
      const found = [];
      for (const start of hosts()) found.push(await measureCalls(start, effort));
      return found;
    },
  },
  start: {
    full: { rounds: 13 },
    quick: { rounds: 3 },
    async measure({ rounds }) {
      const { measureStart, starters } = await import("./start/index.mjs");
      const found = [];
      for (const starter of starters()) found.push(await measureStart(starter, rounds));
      return found;
    },
  },
  endpoint: {
    full: { seconds: 320, processes: 2, milliseconds: 700, warmUp: 1500 },
    quick: { seconds: 40, processes: 1, milliseconds: 250, warmUp: 500 },
    async measure(effort) {
      const { measureEndpoint } = await import("./endpoint/index.mjs");
      return measureEndpoint(effort);
    },
  },
  scale: {
    full: { seconds: 14, sizes: [1_000, 100_000, 1_000_000], few: 1_000, many: 100_000 },
    quick: { seconds: 3, sizes: [1_000, 30_000], few: 1_000, many: 10_000 },
    async measure(effort) {
      const { measureScale } = await import("./scale/index.mjs");
      return measureScale(effort);
    },
  },
};

await main(async () => {
  const { json, quick, names } = asked();
  await setUp("all");

  // Imported only now, as in `measure`: these need what the set-up installs and builds.
  const { answers } = await import("./calls/answers.mjs");
  const { report } = await import("./report.mjs");

  const result = {
    benchmark: "authlete-token",
    machine: `${cpus()[0]?.model ?? "unknown processor"}, ${process.platform} ${process.arch}`,
    answerBytes: Object.fromEntries(
      Object.entries(answers).map(([name, { bytes }]) => [name, bytes]),
    ),
  };
  for (const name of names)
    result[name] = await parts[name].measure(quick ? parts[name].quick : parts[name].full);
  console.log(json ? JSON.stringify(result, null, 2) : report(result));
});

/** What the arguments ask for. */
function asked() {
  const all = Object.keys(parts);
  const usage = `Usage: npm run bench [-- [${all.join("] [")}] [--json] [--quick]]`;
  let parsed;
  try {
    parsed = parseArgs({
      options: { json: { type: "boolean" }, quick: { type: "boolean" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Refusal(`${error.message}\n${usage}`);
  }
  const unknown = parsed.positionals.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Refusal(`There is no part "${unknown}".\n${usage}`);
  const names = all.filter(
    (name) => parsed.positionals.length === 0 || parsed.positionals.includes(name),
  );
  return { ...parsed.values, names };
}
