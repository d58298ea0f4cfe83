// Checks of options. A message names the path and never a value.

import { unknownName } from "./boundary.js";
import { AuthleteError, configError } from "./errors.js";

/** The longest delay that timers hold. */
export const MAX_MILLISECONDS = 2_147_483_647;

/** Runs checks of options; a getter that throws is an error of the same kind, without what it threw. */
export function guarded<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof AuthleteError ? error : configError(path, "could not be read");
  }
}

/** An options object; its members are still unknown. */
export function expectObject(path: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw configError(path, "expected an object");
  return value as Record<string, unknown>;
}

/** An options object that has no other members than these: a misspelt option must not be lost in silence. `path` is empty for the outermost object. */
export function expectOptions(path: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  const given = expectObject(path || "options", value);
  const unknown = unknownName(given, known);
  if (unknown !== undefined) throw configError(`${path && `${path}.`}${unknown}`, "unknown option");
  return given;
}

/** A whole number from 1 to `max`. */
export function number(path: string, value: unknown, max: number): number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > max) throw configError(path, `expected a whole number from 1 to ${max}`);
  return value as number;
}

/** A function, or nothing. */
export function callable<F>(path: string, value: unknown): F | undefined {
  if (value !== undefined && typeof value !== "function") throw configError(path, "expected a function");
  return value as F | undefined;
}
