// Reads JWTs for people: nothing here verifies a signature.
import { parsedObject } from "../json-text";

/** A decoded JWT (RFC 7519). */
export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The header and the claims of a signed JWT; undefined if the text is not one. */
export function decodeJwt(text: string): Jwt | undefined {
  const parts = text.split(".");
  if (parts.length !== 3) return undefined;
  const header = decodedObject(parts[0]);
  const claims = decodedObject(parts[1]);
  if (header === undefined || claims === undefined || typeof header.alg !== "string")
    return undefined;
  return { header, claims };
}

function decodedObject(part: string | undefined): Jwt["claims"] | undefined {
  if (part === undefined || !/^[\w-]+$/.test(part)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (character) =>
      character.charCodeAt(0),
    );
    return parsedObject(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Claims that are seconds since 1970. */
const times = new Set(["auth_time", "exp", "iat", "nbf", "updated_at"]);

/** The moment that a claim names, or undefined if it is not a time. */
export function timeOf(claim: string, value: unknown): Date | undefined {
  if (!times.has(claim) || typeof value !== "number") return undefined;
  const date = new Date(value * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** Such as "in 5 minutes" or "2 hours ago". */
export function relativeTime(date: Date, now: Date): string {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  // A value that rounds up to the next unit belongs to that unit: 59.6 minutes are an hour.
  for (const [unit, size] of units)
    if (Math.round(Math.abs(seconds) / size) >= 1 && Math.abs(seconds) >= size * 0.98)
      return format.format(Math.round(seconds / size), unit);
  return format.format(seconds, "second");
}

/** A duration in words, such as "1 hour", for `expires_in`. */
export function durationText(seconds: number): string {
  const exact = units.find(([, size]) => seconds >= size && seconds % size === 0);
  const [unit, size] = exact ?? ["second", 1];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
