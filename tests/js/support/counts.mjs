// How many tests passed and failed, from the output of the tools that ran them.

/** cargo and wasm-bindgen-test: one line for each test binary. */
export function cargoCounts({ code, output }) {
  const lines = [...output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed/gm)];
  return counts(code, output, sum(lines, 1), sum(lines, 2));
}

/**
 * node:test's `spec` reporter: a summary at the end. Only its last part, with the failures, is
 * worth reading.
 */
export function nodeCounts({ code, output }) {
  const number = (name) => sum([...output.matchAll(new RegExp(`^\\S+ ${name} (\\d+)$`, "gm"))], 1);
  const failures = output.indexOf("failing tests:");
  return counts(
    code,
    failures < 0 ? output : output.slice(failures),
    number("pass"),
    number("fail") + number("cancelled"),
  );
}

/** A failure without counts, such as that of a compilation, counts as one. */
function counts(code, output, passed, failed) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, output };
}

function sum(matches, group) {
  return matches.reduce((total, match) => total + Number(match[group]), 0);
}
