// What `npm start` and `npm run engine` take from the user: PORT, --config FILE, and a port that is free.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "./steps.mjs";

/** The path given with `--config`, or undefined. npm changes the directory; the path counts from where the user stands. */
export function configFile() {
  let file;
  try {
    file = parseArgs({ options: { config: { type: "string" } }, allowPositionals: false }).values.config;
  } catch {
    throw new Refusal("The only option is --config FILE, with the engine's JSON configuration.");
  }
  return file && resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

/** The configuration in `file`. The message never quotes the file: it holds secrets. */
export function readConfig(file) {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Refusal(`The configuration ${file} cannot be read (${error.code}).`);
  }
  let config;
  try {
    config = JSON.parse(text);
  } catch {
    throw new Refusal(`The configuration ${file} is not JSON.`);
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new Refusal(`The configuration ${file} is not a JSON object.`);
  }
  return config;
}

/** Checks the members that the example reads itself; the engine leaves `users` alone. */
export function checkUsers(users, file) {
  const wrong = (path, expected) => new Refusal(`The configuration ${file} is refused: ${path}: expected ${expected}`);
  if (users === undefined) return;
  if (!Array.isArray(users)) throw wrong("users", "an array");
  for (const [index, user] of users.entries()) {
    for (const name of ["sub", "username", "password"]) {
      if (typeof user?.[name] !== "string" || user[name] === "") throw wrong(`users[${index}].${name}`, "a string");
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
      probe.listen({ port: number, host, exclusive: true }, () => probe.close(() => settle(undefined)));
    });
    if (code === "EADDRINUSE") throw new Refusal(`Port ${number} is taken: set PORT to a free one.`);
    if (code === "EACCES") throw new Refusal(`Port ${number} may not be opened by this user: set PORT to one from 1024 up.`);
  }
}
