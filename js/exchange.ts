// One exchange with Authlete or with an engine, without any decisions: over HTTP, `fetch`, the head
// of its answer, and the body up to the limit. What is sent, and how the answer is judged, is
// decided in `src/wasm/operations/transport.rs`.

import type { ClientSettings, EngineAnswer } from "./client.js";
import {
  type ArrivedMember,
  PROBLEM_NO_ANSWER,
  PROBLEM_NO_RESPONSE,
  PROBLEM_NONE,
  PROBLEM_NOT_UTF8,
  PROBLEM_TOO_LARGE,
} from "./generated/contract.js";

/** What has arrived of an answer, in the form that Rust reads. */
export interface Arrived extends Record<ArrivedMember, unknown> {
  readonly status: number;
  readonly headers: Headers | undefined;
  /** The content type. */
  readonly type: string | undefined;
  /** Why there is no `text`: a number that begins with `PROBLEM_`. */
  problem: number;
  text: string | undefined;
}

// Strict: a byte order mark is kept (and is then not valid JSON), and invalid UTF-8 is an error.
const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What each call sends: `headers`, and those that the client sets itself. */
export function sent(
  headers: Readonly<Record<string, string>> | undefined,
  authorization: string,
): Record<string, string> {
  return {
    ...headers,
    authorization,
    accept: "application/json",
    "content-type": "application/json",
  };
}

/** Sends a request. Rejects with what `fetch` rejects with. */
export function send(
  settings: ClientSettings,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  // A redirect would send the bearer elsewhere, and workerd refuses `redirect: "error"`. No other
  // options go to `fetch`: every runtime accepts these.
  const init = { method: "POST", headers, body, signal, redirect: "manual" } as const;
  // Not called as a method: `this` would be the settings, which hold the bearer.
  const injected = settings.fetch;
  return injected === undefined ? fetch(url, init) : injected(url, init);
}

/** What an engine has answered. It is checked, since it may have come from elsewhere. */
export function answerOf(answer: unknown, max: number): Arrived {
  const { status, body: text } = Object(answer) as Partial<EngineAnswer>;
  let problem: number = PROBLEM_NONE;
  if (!isStatus(status) || typeof text !== "string") problem = PROBLEM_NO_ANSWER;
  else if (isLonger(text, max)) problem = PROBLEM_TOO_LARGE;
  return {
    status: problem === PROBLEM_NO_ANSWER ? 0 : (status as number),
    headers: undefined,
    type: undefined,
    problem,
    text: problem === PROBLEM_NONE ? text : undefined,
  };
}

/** Whether it is one of HTTP (RFC 9110 §15). */
function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599;
}

/** Whether a text has more bytes than that in UTF-8: up to three for each of its units. */
function isLonger(text: string, bytes: number): boolean {
  if (text.length * 3 <= bytes) return false;
  return text.length > bytes || new TextEncoder().encode(text).length > bytes;
}

/** The head of an answer. */
export function headOf(response: Response): Arrived {
  try {
    const { status, headers } = response;
    const type = headers.get("content-type") ?? undefined;
    if (typeof status === "number" && (type === undefined || typeof type === "string"))
      return { status, headers, type, problem: PROBLEM_NONE, text: undefined };
  } catch {} // Whatever it throws, it is not a usable Response.
  return {
    status: 0,
    headers: undefined,
    type: undefined,
    problem: PROBLEM_NO_RESPONSE,
    text: undefined,
  };
}

/** Stores the text of what has been read of a body, or the problem. */
export function keepText(arrived: Arrived, read: Uint8Array | number): void {
  if (typeof read === "number") {
    arrived.problem = read;
    return;
  }
  try {
    arrived.text = utf8.decode(read);
  } catch {
    arrived.problem = PROBLEM_NOT_UTF8;
  }
}
