// Measures the tables of calls on one kind of host.
import { laps, median, spread } from "./rounds.mjs";
import { tables } from "./suites.mjs";

/**
 * Measures the tables' contenders for about `seconds` and in at least `least` laps, in several
 * processes one after the other: a contender may be faster or slower in one process for its whole
 * life, and the median over all processes evens that out.
 */
export async function measureCalls(start, { seconds, processes, laps: least }) {
  const found = new Map(tables.flatMap(({ series }) => series).map((series) => [series, []]));
  let host;
  for (let n = 0; n < processes; n += 1) {
    host = await start();
    try {
      if (n === 0) process.stderr.write(`Measuring calls on ${host.name} ${host.version} …\n`);
      for (const { id, series } of tables) {
        for (const one of series) {
          const ids = one.names.map((name) => `${id}.${name}`);
          const share = (seconds * one.share) / processes;
          found.get(one).push(...(await laps(host, ids, share, Math.ceil(least / processes))));
        }
      }
    } finally {
      await host.stop();
    }
  }
  return {
    name: host.name,
    version: host.version,
    processes,
    tables: tables.map((table) => summary(table, found)),
  };
}

function summary({ id, series, targets }, found) {
  const rows = new Map();
  for (const one of series) {
    const laps = found.get(one);
    for (const name of one.names) {
      // The floor is in every series; the first series' figures are shown.
      if (!rows.has(name))
        rows.set(name, row(name, laps, `${id}.${name}`, `${id}.${one.names[0]}`));
    }
  }
  const laps = series.flatMap((one) => found.get(one));
  const reached = targets.map((target) => {
    const found = ratios(id, laps, target);
    return { ...target, laps: found.length, ratio: spread(found) };
  });
  return { table: id, rows: [...rows.values()], reached };
}

/** One contender: microseconds a call (median), and the ratio to the floor in the same lap. */
function row(name, laps, id, floor) {
  const microseconds = median(laps.map((lap) => lap.get(id))) * 1000;
  return {
    name,
    laps: laps.length,
    microseconds,
    ratio: spread(laps.map((lap) => lap.get(id) / lap.get(floor))),
  };
}

/** The ratio of two contenders in every lap that has both. */
function ratios(table, laps, { name, over, less }) {
  const net = (lap, name) =>
    lap.get(`${table}.${name}`) - (less === undefined ? 0 : lap.get(`${table}.${less}`));
  return laps
    .filter((lap) => lap.has(`${table}.${name}`) && lap.has(`${table}.${over}`))
    .map((lap) => net(lap, name) / net(lap, over));
}
