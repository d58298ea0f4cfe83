// `npm run bench [-- --json] [-- --quick]`: sets up, then measures one operation against the same call by hand and by the official SDK.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { setUp } from "../xtask/setup.mjs";
import { main, Refusal } from "../xtask/steps.mjs";

/** Measured together, in this order, the floor first. */
const series = [
  { ids: ["floor", "floorCleared", "guarded", "ours", "oursUnframed", "sdk"], share: 0.8 },
  // Apart: its timers outlive the calls by ten seconds and would slow down the others.
  { ids: ["floor", "floorDeadline"], share: 0.2 },
];

await main(async () => {
  const { json, quick } = flags();
  await setUp("all");

  // Not before the set-up: these need what it installs and builds.
  const { hosts } = await import("./hosts.mjs");
  const { contenders } = await import("./contenders.mjs");
  const { answerBytes } = await import("./exchange.mjs");
  const { table, targets } = await import("./report.mjs");

  const measured = [];
  for (const start of hosts()) measured.push(await measureOn(start, quick ? 5 : 25));
  const result = {
    benchmark: "authToken",
    machine: `${cpus()[0]?.model ?? "unknown processor"}, ${process.platform} ${process.arch}`,
    exchange: { answerBytes },
    targets,
    hosts: measured,
  };
  console.log(json ? JSON.stringify(result, null, 2) : table(result, contenders));
});

function flags() {
  try {
    return parseArgs({ options: { json: { type: "boolean" }, quick: { type: "boolean" } } }).values;
  } catch (error) {
    throw new Refusal(`${error.message}\nUsage: npm run bench [-- --json] [-- --quick]`);
  }
}

/** Starts a host and measures on it for so many seconds. */
async function measureOn(start, seconds) {
  const { contenders } = await import("./contenders.mjs");
  const { measure } = await import("./rounds.mjs");
  const host = await start();
  try {
    const { name, version } = host;
    process.stderr.write(`Measuring on ${name} ${version} …\n`);
    const found = {};
    for (const { ids, share } of series) {
      const { laps, rows } = await measure(host, ids, seconds * share);
      // The floor of the first series stands for both.
      for (const id of ids) found[id] ??= { contender: id, laps, ...rows[id] };
    }
    const rows = Object.keys(contenders).map((id) => found[id]);
    return { name, version, sdkToOurs: found.sdk.ratio.median / found.ours.ratio.median, rows };
  } finally {
    await host.stop();
  }
}
