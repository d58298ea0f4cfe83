// Interleaved measurement. In each round every contender runs one short batch, so that a slow
// moment of the machine affects all of them; the rounds of a lap are added up, so that each
// contender's garbage collection counts.

/**
 * Runs laps of `ids` for about `seconds`, the warm-up included, but at least `least`: the
 * milliseconds of a call by id, lap by lap.
 */
export async function laps({ batch, batchMs }, ids, seconds, least) {
  const end = performance.now() + seconds * 1000;
  const warm = performance.now() + seconds * 250;
  // Warm-up: compilers and caches settle. The first call of each contender checks that it does what
  // it should.
  do {
    for (const id of ids) await batch(id, 50);
  } while (performance.now() < warm);

  const calls = new Map();
  for (const id of ids) calls.set(id, await callsWithin(batch, id, batchMs));
  const found = [];
  while (found.length < least || performance.now() < end) found.push(await lap(batch, calls));
  return found;
}

/** Milliseconds per call, by id. */
async function lap(batch, calls) {
  const ids = [...calls.keys()];
  const rounds = 2 * ids.length;
  const sums = new Map(ids.map((id) => [id, 0]));
  const empty = [];
  for (let round = 0; round < rounds; round += 1) {
    empty.push(await batch(ids[0], 0));
    for (const id of order(ids, round))
      sums.set(id, sums.get(id) + (await batch(id, calls.get(id))));
  }
  const overhead = median(empty);
  return new Map(ids.map((id) => [id, (sums.get(id) / rounds - overhead) / calls.get(id)]));
}

/**
 * The order of a round: over the rounds, each contender comes first equally often, and each of its
 * neighbours comes before it equally often.
 */
export function order(ids, round) {
  const turned = [...ids.slice(round % ids.length), ...ids.slice(0, round % ids.length)];
  return Math.floor(round / ids.length) % 2 === 1 ? turned.reverse() : turned;
}

/** How many calls of `id` take about `milliseconds`. */
async function callsWithin(batch, id, milliseconds) {
  const times = [];
  for (let n = 0; n < 9; n += 1) times.push((await batch(id, 50)) - (await batch(id, 0)));
  return Math.min(Math.max(Math.round((50 * milliseconds) / median(times)), 10), 2000);
}

/** The median. */
export const median = (values) => quantile(values, 0.5);

/** The median, and the quartiles. */
export function spread(values) {
  const [p25, median, p75] = [0.25, 0.5, 0.75].map((q) => quantile(values, q));
  return { median, p25, p75 };
}

/** The `q`-quantile, interpolated. */
export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}
