// What tokens leave in memory: a host's bytes after few requests whose tokens live, after many, and
// after the expiry of all of them.

/**
 * `tokens` are those of `mortalTokens`, with calls that may be remote; `bytes()` resolves to the
 * bytes by kind, after a collection.
 */
export async function measureMemory({ issue, expire }, bytes, few, many) {
  // Compilers and pools settle.
  await issue(few);
  const fewRows = await expire();
  await issue(few);
  const afterFew = await bytes();
  await issue(many - few);
  const afterMany = await bytes();
  const manyRows = await expire();
  return [
    { requests: few, rows: fewRows, ...afterFew },
    { requests: many, rows: manyRows, ...afterMany },
    { requests: many, rows: 0, ...(await bytes()) },
  ];
}
