// All contenders by id, `series.name`, and how to run them.
import { answers } from "./answers.mjs";
import { endpoints } from "./endpoint.mjs";
import { operations } from "./operations.mjs";

const groups = {
  authToken: operations(answers.issued),
  authTokenLarge: operations(answers.large),
  endpoint: endpoints(answers.issued, 200),
  endpointRefused: endpoints(answers.refused, 400),
};

/** By id: `label`, `check` and `make`. */
export const contenders = Object.fromEntries(
  Object.entries(groups).flatMap(([group, members]) =>
    Object.entries(members).map(([name, contender]) => [`${group}.${name}`, contender]),
  ),
);

const made = new Map();

/**
 * Makes `calls` calls, one after the other. Before the first call of a contender, checks that it
 * does what it should.
 */
export async function run(id, calls) {
  if (!made.has(id)) {
    await contenders[id].check();
    made.set(id, contenders[id].make());
  }
  const call = made.get(id);
  for (let n = 0; n < calls; n += 1) await call();
}
