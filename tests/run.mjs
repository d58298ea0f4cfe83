// `npm test [-- --only KEY,…]`: sets up, then runs every check in named steps. If a step fails, the
// others still run, and the run fails.
import { readdirSync } from "node:fs";
import { dirname, delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { newerNode } from "../xtask/newer-node.mjs";
import { pythonWithPackages } from "../xtask/python.mjs";
import { setUp } from "../xtask/setup.mjs";
import { environment, Missing, main, Refusal, root, run, tail } from "../xtask/steps.mjs";
import { cargoCounts, nodeCounts } from "./js/support/counts.mjs";
import { testFiles } from "./js/support/test-files.mjs";

const wasm = "wasm32-unknown-unknown";
const warnings = ["--", "--deny", "warnings"];
/**
 * The Node that runs npm. Inside npm scripts, the first Node on the PATH is a newer one from a
 * package.
 */
const usersNode = process.env.npm_node_execpath ?? process.execPath;
const withUsersNode = {
  ...environment,
  PATH: [dirname(usersNode), environment.PATH].join(delimiter),
};

/**
 * Milliseconds. A file of JavaScript tests that takes longer hangs: the longest takes one minute,
 * and several on a machine that is busy with other things.
 */
const hangs = 600_000;

/**
 * The steps: key, host (for the summary), what they run, and the browser that they need. Each gives
 * `{ passed, failed, output }`.
 */
const steps = [
  ["lint", "checks", "Formatting and lint", lint],
  ["native", "native", "Rust tests", native],
  [
    "native-engine",
    "native with engine",
    "Rust tests with the engine",
    () => cargo("test", "--locked", "--no-fail-fast", "--features", "engine"),
  ],
  ["wasm-node", "wasm in Node", "Rust tests in WebAssembly, in Node", wasmInNode],
  [
    "wasm-chromium",
    "wasm in Chromium",
    "Rust tests in WebAssembly, in Chromium",
    () => wasmIn("chromium"),
    "chromium",
  ],
  [
    "wasm-firefox",
    "wasm in Firefox",
    "Rust tests in WebAssembly, in Firefox",
    () => wasmIn("firefox"),
    "firefox",
  ],
  ["node", "Node", "JavaScript tests in Node", () => node(usersNode, testFiles("node"))],
  [
    "workerd",
    "workerd",
    "JavaScript tests in workerd",
    () => node(newerNode(), testFiles("workerd")),
  ],
  [
    "chromium",
    "Chromium",
    "JavaScript tests in Chromium",
    () => node(usersNode, testFiles("chromium")),
    "chromium",
  ],
  [
    "firefox",
    "Firefox",
    "JavaScript tests in Firefox",
    () => node(usersNode, testFiles("firefox")),
    "firefox",
  ],
  [
    "webkit",
    "WebKit",
    "JavaScript tests in WebKit",
    () => node(usersNode, testFiles("webkit")),
    "webkit",
  ],
  ["python", "Python", "A client library in Python", python],
  ["packaging", "packaging", "The packed package in users' projects", packaging],
  [
    "types",
    "types",
    "The declarations in users' compilers",
    () => node(usersNode, filesIn("tests/types")),
  ],
];

await main(async () => {
  const chosen = choice();
  await setUp("all");
  const results = [];
  for (const [key, host, title, body] of await withBrowsers(chosen)) {
    const started = performance.now();
    console.log(`${title} …`);
    const { passed, failed, output, skipped } = await body().catch((error) =>
      error instanceof Missing && !required(key) ? { skipped: error.message } : crashed(error),
    );
    if (skipped !== undefined) {
      results.push({ host, passed: 0, failed: 0, skipped });
      console.log(`${title}: skipped. ${skipped}`);
      continue;
    }
    const none = passed + failed === 0;
    if (failed > 0 || none) console.log(tail(none ? `${output}\nNo test ran.` : output, 400));
    results.push({ host, passed, failed: none ? 1 : failed });
    console.log(
      `${title}: ${passed} passed, ${none ? 1 : failed} failed in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
  }
  console.log();
  for (const { host, passed, failed, skipped } of results)
    console.log(
      skipped === undefined
        ? `${host} ${passed} passed, ${failed} failed`
        : `${host} skipped: ${skipped}`,
    );
  const sum = (name) => results.reduce((total, result) => total + result[name], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  if (sum("failed") > 0) process.exitCode = 1;
});

/**
 * Whether a step must run even if it needs what this machine does not have: if `--only` names it,
 * and in continuous integration (`CI`), which would look green without it.
 */
function required(key) {
  const strict = !["", "0", "false", undefined].includes(process.env.CI);
  return strict || (onlyOption()?.split(",") ?? []).includes(key);
}

/**
 * Prints which browsers are installed. The steps of the others say what is missing; without
 * Chromium, they fail.
 */
async function withBrowsers(chosen) {
  const needed = new Set(chosen.map(([, , , , browser]) => browser).filter(Boolean));
  if (needed.size === 0) return chosen;
  const { findBrowsers } = await import("./js/support/browser.mjs");
  const browsers = await findBrowsers();
  const there = browsers.filter(({ found }) => found !== undefined);
  const lacking = browsers.filter(({ found }) => found === undefined);
  const list = (texts) => texts.join(", ") || "none";
  const none = lacking.length > 0 ? `; not found: ${list(lacking.map(({ title }) => title))}` : "";
  console.log(`Browsers: ${list(there.map(({ found }) => found))}${none}`);
  return chosen.map((step) => {
    const [key, host, title, , browser] = step;
    const absent = lacking.find(({ key: name }) => name === browser);
    if (absent === undefined) return step;
    const Reason = browser === "chromium" ? Refusal : Missing;
    return [key, host, title, () => Promise.reject(new Reason(absent.missing))];
  });
}

/** They run in Node, and tell a child process in Python what to do. */
async function python() {
  const { command, packages, title } = await pythonWithPackages();
  console.log(title);
  return node(usersNode, filesIn("tests/python"), {
    PYTHON: command,
    PYTHONPATH: packages,
  });
}

async function packaging() {
  const { measure, table } = await import("../xtask/sizes.mjs");
  console.log(table(await measure()));
  return node(usersNode, filesIn("tests/packaging"));
}

/** The test files of a folder whose tests all belong to one step. */
function filesIn(folder) {
  const files = readdirSync(join(root, folder), { recursive: true }).filter((file) =>
    file.endsWith(".test.mjs"),
  );
  return files.sort().map((file) => join(folder, file));
}

function onlyOption() {
  try {
    return parseArgs({ options: { only: { type: "string" } } }).values.only;
  } catch {
    throw new Refusal(
      `The only option is --only, with some of: ${steps.map(([key]) => key).join(",")}.`,
    );
  }
}

/** The steps of `--only`; a key selects all steps whose keys begin with it. */
function choice() {
  const only = onlyOption();
  if (only === undefined) return steps;
  const wanted = only.split(",");
  const matches = (key, name) => key === name || key.startsWith(`${name}-`);
  const unknown = wanted.find((name) => !steps.some(([key]) => matches(key, name)));
  if (unknown !== undefined)
    throw new Refusal(
      `There is no step ${unknown}: there are ${steps.map(([key]) => key).join(", ")}.`,
    );
  return steps.filter(([key]) => wanted.some((name) => matches(key, name)));
}

function crashed(error) {
  return {
    passed: 0,
    failed: 1,
    output: error instanceof Refusal ? error.message : String(error?.stack ?? error),
  };
}

async function lint() {
  const clippy = (...more) => ["cargo", ["clippy", "--locked", "--quiet", ...more, ...warnings]];
  const checks = [
    ["cargo", ["fmt", "--all", "--check"]],
    clippy("--all-targets"),
    clippy("--package", "xtask", "--package", "wasm-test-runner", "--all-targets"),
    clippy("--all-targets", "--features", "engine"),
    clippy("--lib", "--no-default-features", "--features", "engine"),
    clippy("--target", wasm, "--lib", "--no-default-features", "--features", "operations,boundary"),
    clippy("--target", wasm, "--lib", "--no-default-features", "--features", "engine-boundary"),
    clippy("--target", wasm, "--lib"),
    clippy(
      "--target",
      wasm,
      "--features",
      "engine",
      "--test",
      "wasm_node",
      "--test",
      "wasm_browser",
    ),
    [
      usersNode,
      [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", "--error-on-warnings"],
    ],
    // The worker, with the types of Workers, and its playground, with those of browsers.
    ...["worker-example", "worker-example/playground"].map((folder) => [
      usersNode,
      [join(root, "node_modules/typescript/bin/tsc"), "--project", folder],
    ]),
  ];
  const counts = { passed: 0, failed: 0, output: "" };
  for (const [command, args] of checks) {
    const { code, output } = await run(command, args);
    counts[code === 0 ? "passed" : "failed"] += 1;
    if (code !== 0) counts.output += `${command} ${args.join(" ")}\n${tail(output, 60)}\n`;
  }
  return counts;
}

/**
 * Not the whole workspace at once: the build tool needs the feature `engine`, and cargo would then
 * enable it for the package's tests, too.
 */
async function native() {
  const own = await cargo("test", "--locked", "--no-fail-fast");
  const tool = await cargo("test", "--locked", "--no-fail-fast", "--package", "xtask");
  return {
    passed: own.passed + tool.passed,
    failed: own.failed + tool.failed,
    output: own.output + tool.output,
  };
}

async function cargo(...args) {
  return cargoCounts(await run("cargo", args));
}

async function node(executable, files, more = {}) {
  if (files.length === 0) return { passed: 0, failed: 0, output: "" };
  const args = ["--test", "--test-reporter=spec", `--test-timeout=${hangs}`, ...files];
  return nodeCounts(await run(executable, args, { env: { ...environment, ...more } }));
}

async function wasmInNode() {
  const runner = `target.${wasm}.runner=${JSON.stringify([await testRunner()])}`;
  const args = [
    "test",
    "--locked",
    "--config",
    runner,
    "--target",
    wasm,
    "--features",
    "engine",
    "--test",
    "wasm_node",
  ];
  return cargoCounts(await run("cargo", args, { env: withUsersNode }));
}

async function wasmIn(browser) {
  const { runInPage } = await import("./js/support/wasm-page.mjs");
  const [module] = await artefacts(
    "test",
    "--no-run",
    "--target",
    wasm,
    "--features",
    "engine",
    "--test",
    "wasm_browser",
  );
  return cargoCounts(await runInPage(browser, await testRunner(), module));
}

async function testRunner() {
  const [executable] = await artefacts("build", "-p", "wasm-test-runner");
  return executable;
}

/** The executables that a cargo command makes. */
async function artefacts(command, ...args) {
  const { code, output } = await run("cargo", [
    command,
    "--locked",
    "--message-format=json-render-diagnostics",
    ...args,
  ]);
  if (code !== 0) throw new Refusal(output);
  const messages = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  return messages.map(({ executable }) => executable).filter(Boolean);
}
