// What handlers work with beside their request, and what the app needs of its surroundings.
import type { Backend } from "./backend";
import type { Env } from "./config";

/** What the app runs on: a worker, or a page. */
export interface Host {
  readonly env: Env;
  /** The engine of an issuer. What it does is recorded if `trace` is given. */
  backend(issuer: string, trace: string | undefined): Backend;
  /** The style of the pages. Absent in a page, which has it. */
  readonly style?: string;
  /** Whether there is a playground: a deployed worker has none, whatever its variables say. */
  readonly playground: boolean;
  /** A built file of the playground. Absent in a page, which has loaded them. */
  readonly file?: (name: string) => Promise<Response>;
}

/** The authorization server that a request is for. */
export interface Site {
  readonly env: Env;
  readonly issuer: string;
  readonly backend: Backend;
  readonly playground: boolean;
  readonly style: Host["style"];
  readonly file: Host["file"];
}
