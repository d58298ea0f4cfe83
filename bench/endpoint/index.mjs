// Measures complete token endpoints: from a client's request to its tokens.
import { order, quantile, spread } from "../rounds.mjs";
import { startLoad } from "./load/index.mjs";
import { startServers } from "./servers/index.mjs";
import { connections, tables } from "./tables.mjs";

const slices = tables.flatMap(({ id, grant, contenders }) =>
  contenders.flatMap(({ name, server }) =>
    connections.map((count) => ({
      id: `${id}.${name}.${count}`,
      server,
      grant,
      connections: count,
    })),
  ),
);

/**
 * Measures for about `seconds`, with fresh servers `processes` times: a server may be faster or
 * slower for its whole life. In each round every contender runs one slice of `milliseconds`, so
 * that a slow moment of the machine affects all of them.
 */
export async function measureEndpoint({ seconds, processes, milliseconds, warmUp }) {
  process.stderr.write("Measuring token endpoints …\n");
  const rounds = [];
  const end = performance.now() + seconds * 1000;
  let host;
  for (let n = 0; n < processes; n += 1) {
    const share = (end - performance.now()) / (processes - n);
    host = await withServers(rounds, performance.now() + share, milliseconds, warmUp);
  }
  return {
    versions: host.versions,
    stateInMemory: host.stateInMemory,
    processes,
    rounds: rounds.length,
    sliceMilliseconds: milliseconds,
    loadBusy: Math.max(...rounds.flatMap((round) => [...round.values()].map(({ busy }) => busy))),
    tables: tables.map((table) => summary(table, rounds)),
  };
}

/** The microseconds of processor time that a request took, or null if that is not known. */
function cpuOf(found) {
  const sum = (member) => found.reduce((total, one) => total + member(one), 0);
  const cpu = sum(({ serverCpu }) => serverCpu ?? Number.NaN);
  return Number.isNaN(cpu) ? null : (cpu * 1000) / sum(({ latencies }) => latencies.length);
}

/** Adds rounds until `end`, at least two, after a warm-up of each contender. */
async function withServers(rounds, end, milliseconds, warmUp) {
  const { servers, stop, ...host } = await startServers();
  const load = startLoad();
  const ended = Promise.race(Object.values(servers).map((server) => server.ended));
  const run = async ({ server, ...slice }, milliseconds) => {
    const { origin, client, codes, pid } = servers[server];
    const target = { origin, client, codes, pid };
    return Promise.race([load.run({ ...slice, target, milliseconds }), ended]);
  };
  try {
    // Compilers and caches settle, mostly under the most connections.
    for (const slice of slices.toReversed())
      await run(slice, slice.connections === Math.max(...connections) ? warmUp : warmUp / 10);
    let last = 0;
    for (let n = 0; n < 2 || performance.now() + last < end; n += 1) {
      const started = performance.now();
      const round = new Map();
      for (const slice of order(slices, n)) round.set(slice.id, await run(slice, milliseconds));
      rounds.push(round);
      last = performance.now() - started;
    }
  } finally {
    await load.stop();
    await stop();
  }
  return host;
}

function summary({ id, host, grant, contenders, targets }, rounds) {
  const slice = (round, name, count) => round.get(`${id}.${name}.${count}`);
  const rate = ({ latencies, elapsed }) => (latencies.length * 1000) / elapsed;
  const ratio = (name, over, count) =>
    spread(
      rounds.map((round) => rate(slice(round, name, count)) / rate(slice(round, over, count))),
    );
  const row = (name, count) => {
    const found = rounds.map((round) => slice(round, name, count));
    const latencies = found.flatMap(({ latencies }) => latencies);
    return {
      name,
      connections: count,
      requests: latencies.length,
      perSecond: spread(found.map(rate)),
      ratio: ratio(name, contenders[0].name, count),
      // Of all requests of all slices: a single slice has too few for its slowest hundredth.
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpuMicroseconds: cpuOf(found),
      loadBusy: spread(found.map(({ busy }) => busy)).median,
    };
  };
  const rows = connections.flatMap((count) => contenders.map(({ name }) => row(name, count)));
  const p99 = (name, count) =>
    rows.find((row) => row.name === name && row.connections === count).p99;
  const reached = targets.map((target) => ({
    ...target,
    at: connections.map((count) => ({
      connections: count,
      ratio: ratio(target.name, target.over, count),
      p99: p99(target.name, count) / p99(target.over, count),
    })),
  }));
  return { table: id, host, grant, rows, reached };
}
