// What the playground shows of a request's way through endpoint, hooks, APIs and engine.
import type { EngineCheck } from "authlete-token/engine";

/** One of the entries, in the order in which things happened. */
export type TraceEntry = CallEntry | HookEntry | ChecksEntry | EventEntry;

/** A call of one of the four APIs. */
export interface CallEntry {
  readonly type: "call";
  /** Such as `/auth/token`. */
  readonly api: string;
  /** What the endpoint sent, as JSON. It may hold the client's and the user's secrets. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly response: Readonly<Record<string, unknown>>;
  /** What the engine checked to answer it. */
  readonly checks: readonly EngineCheck[];
  /** Milliseconds. */
  readonly durationMs: number;
}

/** A hook of the endpoint. */
export interface HookEntry {
  readonly type: "hook";
  readonly hook: "authenticateUser" | "reissueIdToken";
  /** What it gave back, in words and without a secret: a subject, for example. */
  readonly outcome: string;
  readonly durationMs: number;
}

/** Another function of the engine that the worker called, such as `verifyAccess`. */
export interface ChecksEntry {
  readonly type: "checks";
  readonly operation: string;
  readonly checks: readonly EngineCheck[];
}

/** An event of the endpoint: why it refused a request itself, for example. */
export interface EventEntry {
  readonly type: "event";
  readonly event: { readonly type: string; readonly [member: string]: unknown };
}
