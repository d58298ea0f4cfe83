// The files that comments name must exist: files move, and comments are forgotten.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, posix, relative, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Folders of built or installed files: they are not checked. */
const foreign = new Set(["node_modules", "target", ".git", ".wrangler", ".cache"]);
/** Files that users have, or that a build makes. */
const elsewhere =
  /^(pkg\/|dist\/|docs\/api(\/|$)|wrangler\.jsonc?$|vite\.config|next\.config|webpack\.config|node_modules\/|worker\.(js|mjs|ts)$|.*\.d\.ts$|index\.(js|html)$|(.*\/)?package\.json$)/;

/** Made-up names in comments. */
const examples = new Set([
  "xtask/NAME.mjs",
  "token-endpoint.mjs",
  "src/no/such.rs",
  "gone.ts",
  "b.rs",
]);

const files = walk(root).map((file) => relative(root, file).split(sep).join("/"));
const names = new Set(files.map((file) => basename(file)));

test("comments, and the pages for contributors, name files that exist", () => {
  const wrong = [];
  for (const file of files) {
    for (const { line, text } of prose(file)) {
      for (const name of mentions(text).filter((name) => !examples.has(name))) {
        if (!exists(file, name)) wrong.push(`${file}:${line}: ${name}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test("comments are no wider than the code", () => {
  const wide = [];
  for (const file of files.filter(
    (file) => /\.(rs|ts|mjs)$/.test(file) && !/generated|snapshot|^pkg\//.test(file),
  )) {
    let example = false;
    for (const { line, text } of lines(readFileSync(join(root, file), "utf8"))) {
      if (/^\s*\/\/[/!] *```/.test(text)) example = !example;
      if (/^\s*\* *@example/.test(text)) example = true;
      if (/^\s*\*\//.test(text)) example = false;
      const comment = /^\s*(\/\/|\*|\/\*)/.test(text);
      // Code in examples, tables and addresses can't be broken.
      if (comment && !example && text.length > 100 && !/\w:\/\/|^\s*(\/\/[/!]|\*) \|/.test(text))
        wide.push(`${file}:${line}`);
    }
  }
  assert.deepEqual(wide, []);
});

test("the check sees comments of every kind, and what they name", () => {
  assert.deepEqual(
    comments("a(); // see src/no/such.rs\n/** and `gone.ts`. */\nlet x = 'b.rs';", ".ts").flatMap(
      ({ text }) => mentions(text),
    ),
    ["src/no/such.rs", "gone.ts"],
  );
  assert.equal(exists("js/index.ts", "src/no/such.rs"), false);
  assert.equal(exists("src/lib.rs", "src/lib.rs"), true);
  assert.equal(exists("js/index.ts", "src/engine"), true);
});

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (foreign.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** The lines of a file that are written for people. */
function prose(file) {
  const kind = extname(file);
  if (file === "ARCHITECTURE.md" || file === "CONTRIBUTING.md") {
    return lines(readFileSync(join(root, file), "utf8")).map(({ line, text }) => ({
      line,
      text: [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code).join(" "),
    }));
  }
  if (![".rs", ".ts", ".mjs", ".toml", ".yml"].includes(kind) || file.startsWith("pkg/")) return [];
  return comments(readFileSync(join(root, file), "utf8"), kind);
}

function comments(source, kind) {
  const mark =
    kind === ".toml" || kind === ".yml"
      ? /(?:^|\s)#(.*)$/
      : /(?:^|\s)\/\/[/!]?(.*)$|^\s*\/?\*+(.*)$/;
  return lines(source).flatMap(({ line, text }) => {
    const found = mark.exec(text);
    return found === null ? [] : [{ line, text: found[1] ?? found[2] ?? "" }];
  });
}

function lines(text) {
  return text.split("\n").map((text, index) => ({ line: index + 1, text }));
}

/**
 * The names of files and folders in a text: a path that begins in one of our folders, or a name
 * with one of our file extensions; not a URL.
 */
function mentions(text) {
  const plain = text.replace(/\b[a-z]+:\/\/\S+/g, "");
  const files = plain.matchAll(
    /(?<![\w.@$*{}/-])((?:[\w.-]+\/)*[\w-][\w.-]*\.(?:rs|ts|mjs|cjs|md|toml))\b(?![\w/])/g,
  );
  const folders = plain.matchAll(
    /(?<![\w.@$*{}/-])((?:src|js|tests|xtask|bench|docs|worker-example)(?:\/[\w-]+)+)\b(?!\/?[\w*{-]|\.\w)/g,
  );
  return [...files, ...folders].map(([, name]) => name);
}

function exists(file, name) {
  if (elsewhere.test(name)) return true;
  if (!name.includes("/")) return names.has(name);
  const path = posix.normalize(posix.join(name.startsWith(".") ? dirname(file) : "", name));
  return files.some((known) => `/${known}/`.includes(`/${path}/`) || known.startsWith(`${path}.`));
}
