// What the user gives `npm start` and `npm run engine`: PORT, --config FILE; for `npm start` also
// the variables of an Authlete server. And the check that a port is free.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { installPackages } from "./npm-packages.mjs";
import { alone } from "./setup-lock.mjs";
import { Refusal } from "./steps.mjs";

/**
 * The path given with `--config`, or undefined. npm changes the directory; the path is relative to
 * the user's directory.
 */
export function configFile() {
  let file;
  try {
    file = parseArgs({ options: { config: { type: "string" } }, allowPositionals: false }).values
      .config;
  } catch {
    throw new Refusal("The only option is --config FILE, with the engine's JSON configuration.");
  }
  return file && resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

/** The configuration in `file`. The message never quotes the file: it holds secrets. */
export async function readConfig(file) {
  let text;
  try {
    // Some editors put a byte order mark first (RFC 8259 §8.1).
    text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new Refusal(`The configuration ${file} cannot be read (${error.code}).`);
  }
  let config;
  try {
    config = JSON.parse(text);
  } catch {
    throw new Refusal(`The configuration ${file} is not JSON${await placeOfMistake(text)}.`);
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new Refusal(`The configuration ${file} is not a JSON object.`);
  }
  return config;
}

/**
 * Where `text` stops being JSON: `: line 3, column 7`. The message of `JSON.parse` names the place
 * in some versions of Node only, and quotes the text, which holds secrets.
 */
async function placeOfMistake(text) {
  await alone(() => installPackages("start"));
  const { parseTree } = await import("jsonc-parser");
  const mistakes = [];
  parseTree(text, mistakes, { disallowComments: true });
  if (mistakes.length === 0) return "";
  const lines = text.slice(0, mistakes[0].offset).split(/\r\n|\r|\n/);
  return `: line ${lines.length}, column ${lines.at(-1).length + 1}`;
}

/** Checks the members that the example reads itself; the engine leaves `users` alone. */
export function checkUsers(users, file) {
  const wrong = (path, expected) =>
    new Refusal(`The configuration ${file} is refused: ${path}: expected ${expected}`);
  if (users === undefined) return;
  if (!Array.isArray(users)) throw wrong("users", "an array");
  for (const [index, user] of users.entries()) {
    for (const name of ["sub", "username", "password"]) {
      if (typeof user?.[name] !== "string" || user[name] === "")
        throw wrong(`users[${index}].${name}`, "a non-empty string");
    }
  }
}

/** The port from PORT. */
export function port(standard) {
  const value = process.env.PORT || String(standard);
  if (!/^\d{1,5}$/.test(value) || Number(value) < 1 || Number(value) > 65_535) {
    throw new Refusal("PORT must be a number from 1 to 65535.");
  }
  return Number(value);
}

/** Refuses a port that something listens on already. */
export async function refuseTakenPort(number) {
  for (const host of ["127.0.0.1", "::1"]) {
    const code = await new Promise((settle) => {
      const probe = createServer();
      probe.once("error", (error) => settle(error.code));
      probe.listen({ port: number, host, exclusive: true }, () =>
        probe.close(() => settle(undefined)),
      );
    });
    if (code === "EADDRINUSE")
      throw new Refusal(`Port ${number} is taken: set PORT to a free port.`);
    if (code === "EACCES")
      throw new Refusal(`This user may not open port ${number}: set PORT to 1024 or higher.`);
  }
}
