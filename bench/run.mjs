// `npm run bench [-- --json] [-- --quick]`: sets up, then measures calls and first answers, and
// compares them with hand-written code and the official SDK.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { setUp } from "../xtask/setup.mjs";
import { main, Refusal } from "../xtask/steps.mjs";

/**
 * For each host: the seconds of calls, and the number of processes for them. For each contender:
 * the number of starts.
 */
const effort = {
  full: { seconds: 45, processes: 3, rounds: 13 },
  quick: { seconds: 4, processes: 1, rounds: 3 },
};

await main(async () => {
  const { json, quick } = flags();
  await setUp("all");

  // Imported only now: these need what the set-up installs and builds.
  const { answers } = await import("./calls/answers.mjs");
  const { hosts } = await import("./hosts/index.mjs");
  const { measureCalls } = await import("./measure.mjs");
  const { report } = await import("./report.mjs");
  const { measureStart, starters } = await import("./start/index.mjs");

  const { seconds, processes, rounds } = quick ? effort.quick : effort.full;
  const calls = [];
  for (const start of hosts()) calls.push(await measureCalls(start, seconds, processes));
  const start = [];
  for (const starter of starters()) start.push(await measureStart(starter, rounds));
  const result = {
    benchmark: "authlete-token",
    machine: `${cpus()[0]?.model ?? "unknown processor"}, ${process.platform} ${process.arch}`,
    answerBytes: Object.fromEntries(
      Object.entries(answers).map(([name, { bytes }]) => [name, bytes]),
    ),
    calls,
    start,
  };
  console.log(json ? JSON.stringify(result, null, 2) : report(result));
});

function flags() {
  try {
    return parseArgs({ options: { json: { type: "boolean" }, quick: { type: "boolean" } } }).values;
  } catch (error) {
    throw new Refusal(`${error.message}\nUsage: npm run bench [-- --json] [-- --quick]`);
  }
}
