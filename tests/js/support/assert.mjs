// Assertions that run in every host: no module for this exists in Node, workerd and browsers alike.

/** Fails with `message`. */
export function fail(message) {
  throw new Error(message);
}

export function ok(value, message = "expected a truthy value") {
  if (!value) fail(`${message} (got ${show(value)})`);
}

export function equal(actual, expected, what = "value") {
  if (!Object.is(actual, expected))
    fail(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Same structure, members and own keys; the order of keys does not matter. */
export function deepEqual(actual, expected, what = "value") {
  if (Object.is(actual, expected)) return;
  const both = [actual, expected];
  if (both.some((value) => typeof value !== "object" || value === null))
    fail(`${what}: expected ${show(expected)}, got ${show(actual)}`);
  equal(Array.isArray(actual), Array.isArray(expected), `${what} is an array`);
  const [left, right] = both.map((value) => Reflect.ownKeys(value).map(String).sort());
  equal(left.join(), right.join(), `${what}: own keys`);
  for (const key of left) deepEqual(actual[key], expected[key], `${what}.${key}`);
}

export function match(text, pattern, what = "text") {
  if (!pattern.test(text)) fail(`${what}: expected ${pattern}, got ${show(text)}`);
}

/** What the promise is rejected with; fails if it is fulfilled. */
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  return fail(`expected a rejection, got ${show(value)}`);
}

/** What the function throws; fails if it returns. */
export function thrown(body, of = "") {
  let value;
  try {
    value = body();
  } catch (error) {
    return error;
  }
  return fail(`expected an exception, got ${show(value)} ${of}`.trim());
}

function show(value) {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function" || typeof value === "symbol" || value instanceof Error)
    return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
