// Measures the tables of calls on one host.
import { measure, median } from "./rounds.mjs";
import { tables } from "./suites.mjs";

/** Measures the tables' contenders on a host for about `seconds`. */
export async function measureCalls(host, seconds) {
  const found = [];
  for (const { id, series, targets } of tables) {
    const rows = new Map();
    const times = [];
    for (const { names, share } of series) {
      const measured = await measure(
        host,
        names.map((name) => `${id}.${name}`),
        seconds * share,
      );
      times.push(...measured.times);
      // The floor of the first series stands for all.
      for (const name of names) if (!rows.has(name)) rows.set(name, { name, laps: measured.laps, ...measured.rows[`${id}.${name}`] });
    }
    const reached = targets.map((target) => ({ ...target, ratio: median(ratios(id, times, target)) }));
    found.push({ table: id, rows: [...rows.values()], reached });
  }
  return found;
}

/** The ratio of two contenders in every lap that has both. */
function ratios(table, times, { name, over, less }) {
  const net = (lap, name) => lap.get(`${table}.${name}`) - (less === undefined ? 0 : lap.get(`${table}.${less}`));
  return times.filter((lap) => lap.has(`${table}.${name}`) && lap.has(`${table}.${over}`)).map((lap) => net(lap, name) / net(lap, over));
}
