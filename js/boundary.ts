// What JavaScript provides to Rust without needing an instance: functions of `boundary` in
// `src/wasm/host.rs`.

import { streamOf } from "./body.js";
import type { EventDetails, TrapEvent } from "./events.js";
import {
  DECISIVE,
  FACTS_NOT_AN_OBJECT,
  FACTS_NOT_JSON,
  FACTS_REPEATED,
  FACTS_TOO_DEEP,
  FACTS_UNSAFE,
  MOST_LEVELS,
} from "./generated/contract.js";

/** A user's `onEvent`, limited to the one event type that every layer can report. */
export type OnEvent = (event: TrapEvent, details: EventDetails) => unknown;

/**
 * What Rust needs to know of the text of an answer and of what {@link parse} has made of it, in one
 * number: the digits of {@link kinds} for the members that decide, and what begins with `FACTS_`.
 */
export function facts(parsed: object | null | undefined, text: string): number {
  if (parsed === null) return FACTS_NOT_JSON;
  if (parsed === undefined) return FACTS_NOT_AN_OBJECT;
  const care = lookAt(parsed);
  if (care === FACTS_TOO_DEEP) return care;
  const digits = kinds(parsed as Record<string, unknown>, DECISIVE);
  return digits + care + (mayRepeat(text, digits, care) ? FACTS_REPEATED : 0);
}

/**
 * What needs care in parsed JSON: it is nested too deeply or contains, at any depth, a `null` or a
 * number that may have been rounded. Not recursive, since a text may be nested as deeply as it is
 * long.
 */
function lookAt(parsed: object): number {
  let found = 0;
  let objects: object[] = [parsed];
  for (let level = 0; objects.length > 0; level++) {
    if (level === MOST_LEVELS) return FACTS_TOO_DEEP;
    const inner: object[] = [];
    for (const object of objects) {
      for (const value of Array.isArray(object) ? object : Object.values(object)) {
        if (typeof value === "object") {
          if (value === null) found = FACTS_UNSAFE;
          else inner.push(value);
        } else if (
          // Beyond these, every number is an integer that may have been rounded.
          typeof value === "number" &&
          Math.abs(value) > Number.MAX_SAFE_INTEGER
        )
          found = FACTS_UNSAFE;
      }
    }
    objects = inner;
  }
  return found;
}

/** What {@link mayRepeat} looks for, by what is there. */
const patterns: RegExp[] = [];

/**
 * Whether a deciding member may stand in the text twice. One search looks for all that are there;
 * if there are values that need care, for all that there can be: the second one may be `null`.
 */
function mayRepeat(text: string, digits: number, care: number): boolean {
  const there = DECISIVE.filter((_, index) => (digits >> (2 * index)) & 3);
  patterns[digits + care] ??= new RegExp(`"(?:${(care ? DECISIVE : there).join("|")})"`, "g");
  return (text.match(patterns[digits + care] as RegExp)?.length ?? 0) > there.length;
}

/**
 * The object in a JSON text; `null` if the text is not JSON, `undefined` if it is not an object.
 * The SyntaxError is dropped, since it quotes the text.
 */
export function parse(text: string): object | null | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return null;
  }
}

/** A string as it is, an exact integer as its digits. */
export function id(value: unknown): string | undefined {
  const has = typeof value === "string" || typeof value === "bigint" || Number.isSafeInteger(value);
  return has ? String(value) : undefined;
}

/** A value, if it is the JSON text of an object. */
export function content(value: unknown): string | undefined {
  return typeof value === "string" && parse(value) ? value : undefined;
}

export function stringify(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** An answer of the endpoint's own, before it becomes a `Response`. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty if there is none. */
  readonly body: string;
}

/**
 * Makes an answer of a text that begins with header names and values alternately, each followed by
 * a line break, `length` characters in all.
 */
export function respond(status: number, length: number, text: string): Answer {
  if (lastHeaders.lines.length !== length || !text.startsWith(lastHeaders.lines)) {
    const lines = text.slice(0, length);
    const headers: Record<string, string> = {};
    each(lines, (name, value) => {
      headers[name] = value;
    });
    lastHeaders = { lines, headers };
  }
  return { status, headers: lastHeaders.headers, body: text.slice(length) };
}

/** Kept because most answers of an endpoint have the same headers. */
let lastHeaders: { readonly lines: string; readonly headers: Record<string, string> } = {
  lines: "",
  headers: {},
};

/** Sets headers, but appends `vary`: a second value adds to the first. */
export function setHeaders(response: Response, lines: string): void {
  each(lines, (name, value) => {
    if (name === "vary") response.headers.append(name, value);
    else response.headers.set(name, value);
  });
}

function each(lines: string, visit: (name: string, value: string) => void): void {
  const all = lines.split("\n");
  for (let index = 0; index + 1 < all.length; index += 2)
    visit(all[index] as string, all[index + 1] as string);
}

/** A header's value, if there is one. */
export function header(headers: Headers, name: string): string | undefined {
  try {
    const value: unknown = headers.get(name);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A copy of an object's own members, or of an array's, so that no getter runs while Rust reads
 * them.
 */
export function plain(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/**
 * For each key a base-4 digit: 0 absent or `null`, 1 a string, 2 anything else; see
 * `src/wasm/host.rs`. If `alone`, and the object has other members too, minus one minus those
 * digits.
 */
export function kinds(
  object: Record<string, unknown>,
  keys: readonly string[],
  alone = false,
): number {
  let digits = 0;
  let found = 0;
  for (let index = keys.length - 1; index >= 0; index--) {
    const value = object[keys[index] as string];
    const kind = value === undefined || value === null ? 0 : typeof value === "string" ? 1 : 2;
    if (kind !== 0) found += 1;
    digits = digits * 4 + kind;
  }
  return alone && Object.keys(object).length > found ? -1 - digits : digits;
}

/** The first member name of an object that is not in `names`, shortened for an error message. */
export function unknownName(object: object, names: readonly string[]): string | undefined {
  return Object.keys(object)
    .find((name) => !names.includes(name))
    ?.slice(0, 64);
}

/**
 * A copy whose headers can be set, or a message that says why the response can't be copied
 * completely.
 */
export function copyResponse(response: Response): Response | string {
  try {
    const { status, headers, bodyUsed } = response;
    // Headers that can't be listed would be read as a record with the names `get` and so on.
    if (typeof status !== "number" || !canBeListed(headers)) return "expected a Response";
    const body = bodyUsed ? null : streamOf(response);
    if (bodyUsed || body?.locked) return "the Response's body is used or locked";
    return body === undefined ? "the Response's body can't be read" : new Response(body, response);
  } catch {
    return "expected a Response";
  }
}

function canBeListed(headers: Headers): boolean {
  return Symbol.iterator in headers || !("get" in headers);
}

/**
 * A copy of the request with an unread body. A request of another implementation becomes one of the
 * runtime's own; if its headers can't be listed, or the runtime can't construct the copy, hooks get
 * the original.
 */
export function unreadRequest(request: Request, parameters: string): Request {
  const { url, method, headers, signal } = request;
  // Bytes, not a string: a string would add a content type.
  const body = new TextEncoder().encode(parameters);
  const makers = [
    () => new Request(request, { body }),
    () => (canBeListed(headers) ? new Request(url, { method, headers, body, signal }) : request),
    // A signal of another realm may be refused.
    () => (canBeListed(headers) ? new Request(url, { method, headers, body }) : request),
  ];
  for (const make of makers) {
    try {
      const made = make();
      // `Request` may have converted another implementation's request to a URL string. A plain
      // request's URL need not be written as `Request` writes it.
      if ((made.url === url || made.url === new URL(url).href) && made.method === method)
        return made;
    } catch {}
  }
  return request;
}

/** The last argument of every hook. Each call of a hook gets a new one. */
export interface HookContext {
  /**
   * The parameters of the token request as received, including every value of a repeated parameter,
   * and credentials. Authlete has not yet checked them when `tokenRequest` is called.
   */
  readonly parameters: URLSearchParams;
}

/** The last argument of a hook. Each call gets a new one, since a hook may change it. */
export function hookContext(parameters: string): HookContext {
  // Without the `&`, a question mark at the beginning would be dropped.
  return { parameters: new URLSearchParams(`&${parameters}`) };
}

/** Calls a user's `onEvent`; anything it throws or rejects with is ignored. */
export function tell<E>(
  onEvent: (event: E, details: EventDetails) => unknown,
  event: E,
  details: EventDetails = {},
): void {
  try {
    Promise.resolve(onEvent(event, details)).catch(() => {});
  } catch {}
}

/**
 * The name of a thrown value's type, and nothing else: the value may be any object and hold
 * anything.
 */
export function typeName(thrown: unknown): string {
  try {
    const name = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
    return /^\w{1,64}$/.test(name) ? name : "object";
  } catch {
    return "object";
  }
}

/**
 * Whether a thrown value is an error, from any realm: a test runner's sandbox has its own classes.
 */
export function isError(thrown: unknown): boolean {
  try {
    return (
      thrown instanceof Error ||
      /^\[object (Error|DOMException)\]$/.test(Object.prototype.toString.call(thrown))
    );
  } catch {
    return false;
  }
}
