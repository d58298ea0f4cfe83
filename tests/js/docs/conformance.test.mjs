// The table of requirements in tests/conformance can't lie: it has every row that its headings
// announce, and each row's source, test and status are what they claim to be.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../../xtask/steps.mjs";
import { problemsOfTests } from "./named-tests.mjs";

const page = readFileSync(join(root, "tests/conformance/README.md"), "utf8");
const { devDependencies } = JSON.parse(readFileSync(join(root, "tests/package.json"), "utf8"));

const sources = [
  /^RFC \d+ (§[\d.]+|Appendix [A-Z])$/,
  /^OAuth 2\.1 §[\d.]+$/,
  /^OpenID Connect (Core|Discovery) §[\d.]+$/,
  /^FAPI 2\.0 Security Profile §[\d.]+$/,
  /^draft-ietf-[a-z\d-]+-\d{2} §[\d.]+$/,
  /^SECURITY\.md$/,
  /^MCP \d{4}-\d{2}-\d{2}, [A-Z][\w ]+$/,
];
const packageSource = /^(@?[a-z][\w./-]*) (\d+\.\d+\.\d+[\w.-]*)$/;

/** What is wrong with a page, one line each. */
function problems(text) {
  const found = [];
  const seen = new Set();
  for (const [heading, ...lines] of text.split(/^## /m).map((part) => part.split("\n"))) {
    const rows = lines.filter((line) => /^\| [A-Z]-/.test(line)).map(cells);
    const numbers = rows.map(([number]) => number);
    if (numbers.join() !== announced(heading).join())
      found.push(`${heading}: the rows are ${numbers.join(", ")}`);
    for (const row of rows) {
      if (seen.has(row[0])) found.push(`${row[0]}: there are two`);
      seen.add(row[0]);
      found.push(...[...problemsOf(row)].map((problem) => `${row[0]}: ${problem}`));
    }
  }
  return found;
}

const cells = (line) => line.replace(/^\| | \|$/g, "").split(" | ");

/** The numbers that a heading announces, such as "Refresh (M-070 to M-074, M-080)". */
function announced(heading) {
  const ranges = [...heading.matchAll(/([A-Z])-(\d{3})(?: to \1-(\d{3}))?/g)];
  return ranges.flatMap(([, prefix, first, last = first]) =>
    Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, index) => `${prefix}-${String(Number(first) + index).padStart(3, "0")}`,
    ),
  );
}

function* problemsOf([, requirement, from, tests, status, ...more]) {
  if (status === undefined || more.length > 0) return yield "there must be five cells";
  if (!/^\S.*[^.]$/.test(requirement)) yield "the requirement must be a phrase without a full stop";
  for (const source of from.split("; ")) if (!isSource(source)) yield `unknown source: ${source}`;
  if (!/^(holds|(differs|not yet|untested): \S.*\.)$/.test(status))
    yield `unknown status: ${status}`;
  if (status === "holds" && tests === "–") yield "holds without a test";
  if (tests !== "–") yield* problemsOfTests(tests);
}

/** Of a package that is tested here, the version must be the tested one. */
function isSource(source) {
  const [, name, version] = packageSource.exec(source) ?? [];
  if (name !== undefined) return [undefined, version].includes(devDependencies[name]);
  return sources.some((form) => form.test(source));
}

test("every row of the conformance table has a known source, an existing test and a status with its reason", () => {
  assert.deepEqual(problems(page), []);
});

test("a row of the conformance table that claims what is not there is noticed", () => {
  const good =
    "`tests/native/engine/resources.rs` a_malformed_resource_is_refused_whatever_the_grant_type";
  const row = (changes) => {
    const { number, requirement, source, proof, status } = {
      number: "X-001",
      requirement: "Something holds",
      source: "RFC 8707 §2",
      proof: good,
      status: "holds",
      ...changes,
    };
    return `\n| ${number} | ${requirement} | ${source} | ${proof} | ${status} |`;
  };
  const section = (...rows) => `## Section (X-001)\n${rows.join("")}\n`;
  assert.deepEqual(problems(section(row())), []);
  for (const lie of [
    section(),
    section(row(), row()),
    section(row({ number: "X-002" })),
    section(row({ source: "hearsay" })),
    section(row({ source: "draft-ietf-oauth-attestation-based-client-auth §8" })),
    section(row({ source: "FAPI 2.0 §5.3.2.1" })),
    section(row({ source: "@modelcontextprotocol/client 1.0.0" })),
    section(row({ status: "almost" })),
    section(row({ status: "differs" })),
    section(row({ status: "untested" })),
    section(row({ proof: "–" })),
    section(row({ proof: `${good}s` })),
    section(row({ proof: good.replace("resources.rs", "nowhere.rs") })),
    section(row({ proof: `${good}<br>everything is well` })),
    section(row({ requirement: "One | two" })),
  ])
    assert.notDeepEqual(problems(lie), [], lie);
});
