// The variables that select an Authlete server, and warnings about names that look like them.

export const authleteVariables = [
  "AUTHLETE_SERVER_URL",
  "AUTHLETE_SERVICE_ID",
  "AUTHLETE_BEARER",
  "AUTHLETE_TIMEOUT_MS",
];

/** The names that other programs and Authlete's own pages use for the same things. */
const otherNames = {
  AUTHLETE_ACCESS_TOKEN: "AUTHLETE_BEARER",
  AUTHLETE_BASE_URL: "AUTHLETE_SERVER_URL",
  AUTHLETE_SERVICE_ACCESS_TOKEN: "AUTHLETE_BEARER",
  AUTHLETE_TIMEOUT: "AUTHLETE_TIMEOUT_MS",
  AUTHLETE_TOKEN: "AUTHLETE_BEARER",
  AUTHLETE_URL: "AUTHLETE_SERVER_URL",
};

/**
 * A warning for each variable of `environment` that begins with `AUTHLETE_` and is not one of
 * these. It never contains the value.
 */
export function misspeltVariables(environment) {
  const known = [...authleteVariables, ...Object.keys(otherNames)];
  return Object.keys(environment)
    .filter((name) => /^AUTHLETE_/i.test(name) && !authleteVariables.includes(name))
    .map((name) => {
      const likely = known
        .map((each) => [distance(name.toUpperCase(), each), otherNames[each] ?? each])
        .sort(([a], [b]) => a - b)[0];
      const hint =
        likely[0] <= 3
          ? `did you mean ${likely[1]}?`
          : `there are ${authleteVariables.join(", ")}.`;
      return `Warning: the variable ${name} is unknown and has no effect: ${hint}`;
    });
}

/**
 * How many letters must be inserted, deleted or changed to turn one text into the other (the
 * Levenshtein distance). Our own code, since this runs before anything is installed.
 */
function distance(from, to) {
  let row = [...to, ""].map((_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [index, other] of [...to].entries())
      next.push(
        Math.min(row[index] + (letter === other ? 0 : 1), row[index + 1] + 1, next[index] + 1),
      );
    row = next;
  }
  return row.at(-1);
}
