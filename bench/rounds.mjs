// Interleaved measurement. In each round every contender runs one short batch, so that a slow moment of the machine hits all of them; the
// rounds of a lap are added up, so that each contender pays for its garbage.

/**
 * Measures `ids` against the first of them for about `seconds`, the warm-up included.
 *
 * @returns The number of laps and, by id: microseconds a call (median), and the ratio to the first contender in the same lap (median and
 * quartiles).
 */
export async function measure({ batch, batchMs }, ids, seconds) {
  const end = performance.now() + seconds * 1000;
  const warm = performance.now() + seconds * 250;
  // Compilers and caches settle. The first call of each contender checks that it does what it should.
  do {
    for (const id of ids) await batch(id, 50);
  } while (performance.now() < warm);

  const calls = new Map();
  for (const id of ids) calls.set(id, await callsWithin(batch, id, batchMs));
  const laps = [];
  while (laps.length < 5 || performance.now() < end) laps.push(await lap(batch, calls));
  const rows = ids.map((id) => {
    const ratios = laps.map((times) => times.get(id) / times.get(ids[0]));
    const [p25, median, p75] = [0.25, 0.5, 0.75].map((q) => quantile(ratios, q));
    const microseconds =
      quantile(
        laps.map((times) => times.get(id)),
        0.5,
      ) * 1000;
    return [id, { microseconds, ratio: { median, p25, p75 } }];
  });
  return { laps: laps.length, rows: Object.fromEntries(rows) };
}

/** Milliseconds a call, by id. */
async function lap(batch, calls) {
  const ids = [...calls.keys()];
  const rounds = 2 * ids.length;
  const sums = new Map(ids.map((id) => [id, 0]));
  const empty = [];
  for (let round = 0; round < rounds; round += 1) {
    empty.push(await batch(ids[0], 0));
    // Each contender comes first equally often, and after each of its neighbours.
    const order = [...ids.slice(round % ids.length), ...ids.slice(0, round % ids.length)];
    if (round >= ids.length) order.reverse();
    for (const id of order) sums.set(id, sums.get(id) + (await batch(id, calls.get(id))));
  }
  const overhead = quantile(empty, 0.5);
  return new Map(ids.map((id) => [id, (sums.get(id) / rounds - overhead) / calls.get(id)]));
}

/** How many calls of `id` take about `milliseconds`. */
async function callsWithin(batch, id, milliseconds) {
  const times = [];
  for (let n = 0; n < 9; n += 1) times.push((await batch(id, 50)) - (await batch(id, 0)));
  return Math.min(Math.max(Math.round((50 * milliseconds) / quantile(times, 0.5)), 10), 2000);
}

/** The `q`-quantile, interpolated. */
function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}
