// What marks requests as the playground's own, for the page that sends them and for the server.

/** The header with the random ID of a trace, under which the request is to be recorded. */
export const traceHeader = "Playground-Trace";

/** 128 random bits in hexadecimal digits: nobody else knows where to read the trace. */
export function newTraceId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What the `state` of the playground's logins begins with: they end in a page of their own. */
export const statePrefix = "playground.";
