// The names of tests that documents refer to, and whether there are such tests.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../xtask/steps.mjs";

/** What is wrong with a cell of tests: each a file and the name of a test in it, `<br>` between. */
export function* problemsOfTests(cell) {
  for (const given of cell.split("<br>")) yield* problemsOfTest(given);
}

function* problemsOfTest(given) {
  const [, path, name] = /^`(tests\/[\w./-]+)` (.+)$/.exec(given) ?? [];
  if (path === undefined) yield `not a file and a name: ${given}`;
  else if (!existsSync(join(root, path))) yield `there is no ${path}`;
  else if (!isTestOf(path, name)) yield `${path} has no test named: ${name}`;
}

const titles = new Map();

function isTestOf(path, name) {
  if (!titles.has(path)) {
    const source = readFileSync(join(root, path), "utf8");
    titles.set(path, path.endsWith(".rs") ? rustTests(source) : javaScriptTests(source));
  }
  return titles.get(path).some((title) => title.test(name));
}

const exactly = (...parts) =>
  new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".+")}$`);

const rustTests = (source) =>
  [...source.matchAll(/#\[test\]\s*(?:#\[.*\]\s*)*fn (\w+)\(/g)].map(([, name]) => exactly(name));

/** Titles of `test`, and names of behaviours. `${…}` in a title stands for any text. */
function javaScriptTests(source) {
  const fixed = source.matchAll(
    /(?:\btest\(\s*|^ +(?:async )?)("(?:[^"\\\n]|\\.)+")(?:,|:\s|\()/gm,
  );
  const made = source.matchAll(/\btest\(\s*`((?:[^`\\]|\\.)+)`/g);
  return [
    ...[...fixed].map(([, literal]) => exactly(JSON.parse(literal))),
    ...[...made].map(([, template]) => exactly(...template.split(/\$\{[^}]*\}/))),
  ];
}
