// Checks options. A message names the path, never a value.

import { unknownName } from "./boundary.js";
import { AuthleteError, configError } from "./errors.js";

/** The longest delay that timers support. */
export const MAX_MILLISECONDS = 2_147_483_647;

/**
 * Runs checks of options. If a getter throws, the error is a configuration error too, without what
 * was thrown.
 */
export function guarded<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof AuthleteError ? error : configError(path, "could not be read");
  }
}

/**
 * Throws if a required option is missing or empty. A forgotten environment variable should not look
 * like a wrong value.
 */
export function expectGiven(path: string, value: unknown): void {
  if (value === undefined || value === null) throw configError(path, "missing");
  if (value === "") throw configError(path, "empty");
}

/** An options object; its members are still unknown. */
export function expectObject(path: string, value: unknown): Record<string, unknown> {
  if (value === undefined) throw configError(path, "missing");
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw configError(path, "expected an object");
  return value as Record<string, unknown>;
}

/**
 * An options object without unknown members: a misspelt option must not be silently ignored. `path`
 * is empty for the outermost object.
 */
export function expectOptions(
  path: string,
  value: unknown,
  known: readonly string[],
): Record<string, unknown> {
  const given = expectObject(path || "options", value);
  const unknown = unknownName(given, known);
  if (unknown !== undefined) {
    const meant = likelyName(unknown, known);
    throw configError(
      `${path && `${path}.`}${unknown}`,
      `unknown option${meant === undefined ? "" : ` (did you mean ${meant}?)`}`,
    );
  }
  return given;
}

/**
 * The known name that was probably meant: the same name in another spelling, one that differs by a
 * few typos, or one that begins or ends with the given name. The engine's configuration has the
 * same rule (`src/engine/service/likely_name.rs`); the vectors in `vectors.likelyName.json` test
 * both.
 */
export function likelyName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
  const given = plain(name);
  let least = Number.POSITIVE_INFINITY;
  let meant: string | undefined;
  for (const candidate of known) {
    const other = plain(candidate);
    const distance = levenshtein(given, other);
    const part = given.length > 1 && (other.startsWith(given) || other.endsWith(given));
    if (distance < least && (part || distance <= Math.min(3, Math.ceil(other.length / 4)))) {
      least = distance;
      meant = candidate;
    }
  }
  return meant;
}

/** How many letters must be inserted, deleted or replaced to turn one text into the other. */
function levenshtein(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      next.push(
        Math.min(
          (row[j] as number) + (letter === other ? 0 : 1),
          (row[j + 1] as number) + 1,
          (next[j] as number) + 1,
        ),
      );
    }
    row = next;
  }
  return row[to.length] as number;
}

/** A whole number from 1 to `max`. */
export function number(path: string, value: unknown, max: number): number {
  if (value === undefined) throw configError(path, "missing");
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > max)
    throw configError(path, `expected a whole number from 1 to ${max}`);
  return value as number;
}

/** A function, or `undefined`. */
export function callable<F>(path: string, value: unknown): F | undefined {
  if (value !== undefined && typeof value !== "function")
    throw configError(path, "expected a function");
  return value as F | undefined;
}
