// What the parts of the playground share: flows act, a run records, the page shows.
import type { TraceEntry } from "../src/trace";

/** A registered client, as the playground needs it. */
export interface DemoClient {
  readonly client_id: string;
  readonly client_name: string;
  /** Absent if there is none, or if the user's own configuration has it: it is then asked for. */
  readonly client_secret?: string;
  readonly token_endpoint_auth_method: string;
  readonly grant_types: readonly string[];
  readonly scope?: string;
  /** Its redirect URI that leads back to the playground. */
  readonly redirect_uri?: string;
  readonly resource_identifiers?: readonly string[];
  readonly dpop_bound_access_tokens?: boolean;
  readonly tls_client_certificate_bound_access_tokens?: boolean;
}

export interface DemoUser {
  readonly username: string;
  /** What tokens say about whose they are. */
  readonly sub: string;
  /** Absent for users of the user's own configuration. */
  readonly password?: string;
}

/** What is configured where the requests go. The answer of `/playground/setup`. */
export interface Setup {
  readonly issuer: string;
  readonly clients: readonly DemoClient[];
  readonly users: readonly DemoUser[];
}

/** What a request has brought: the answer, and what happened on the other side. */
export interface Answer {
  readonly response: Response;
  /** The address of the answer, after redirects. */
  readonly url: string;
  /** Undefined if nobody knows. */
  readonly entries: readonly TraceEntry[] | undefined;
  /** Milliseconds from the request to the whole answer. */
  readonly durationMs: number;
}

/** Where requests go: to the worker that served this page, or to an engine in this tab. */
export interface Place {
  readonly mode: "worker" | "tab";
  readonly setup: Setup;
  /** Sends a request to the issuer's addresses, and follows redirects to them. */
  send(request: Request): Promise<Answer>;
  /** Sends a request that is no part of a flow's story: nothing is recorded for it. */
  ask(request: Request): Promise<Response>;
  /**
   * Shows the login page at `url` to the user, and waits until the browser comes back: the redirect
   * URI with its parameters. Called from a click. Rejects if `signal` fires.
   */
  login(url: string, signal: AbortSignal): Promise<URL>;
}

/** A choice on the left side, such as the client or the scope. */
export interface Option {
  /** Its name in `Choices`, and in links. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: "select" | "text" | "checkbox" | "secret";
  /** For `select`. */
  readonly values?: readonly { readonly value: string; readonly label: string }[];
  /** For `checkbox`: "yes" or "". A `secret` is never part of a link. */
  readonly value: string;
}

/** What the user has chosen, by the options' names. */
export type Choices = Readonly<Record<string, string>>;

/** Something to try. One file each in `flows/`. */
export interface Flow {
  /** Its name in links. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it shows. */
  readonly summary: string;
  readonly group: "Get tokens" | "Keep tokens" | "Protect tokens" | "Attack";
  /** May depend on what was chosen so far: a client decides which scopes there are. */
  options(setup: Setup, chosen: Choices): readonly Option[];
  run(run: Run): Promise<void>;
}

/** What a flow works with. */
export interface Run {
  readonly place: Place;
  readonly choices: Choices;
  /** Fires when the user starts something else. */
  readonly signal: AbortSignal;
  /** A step of the timeline: `act` carries it out. What it throws ends the run. */
  step<T>(text: StepText, act: (step: StepActions) => Promise<T>): Promise<T>;
}

export interface StepText {
  readonly title: string;
  /** What happens and why, for somebody who has never read an RFC: one to three sentences. */
  readonly about: string;
  /** What a correct server does here. */
  readonly expected: "success" | "refusal";
  readonly code: StepCode;
}

/** The same step as code to copy; curl's command is made from the recorded request. */
export interface StepCode {
  /** With oauth4webapi, as a client would have it. */
  readonly oauth4webapi?: string;
  /** The part of a worker that answers it. */
  readonly worker?: string;
}

/** What a flow can do in a step. */
export interface StepActions {
  /** Sends and records a request; takes what oauth4webapi gives to its `customFetch`. */
  readonly fetch: (input: string, init?: RequestInit) => Promise<Response>;
  /** Lets the user log in; the step waits. */
  login(url: string): Promise<URL>;
  /** Says in one sentence what has come of it. */
  verdict(text: string): void;
}

/** A step as it stands. */
export interface Step extends StepText {
  readonly id: number;
  /**
   * `waiting`: for the user, who opens the login. `refused`: the server did not permit what the
   * user chose. `failed`: something else happened than what was `expected`.
   */
  readonly status: "running" | "waiting" | "done" | "refused" | "failed";
  readonly exchanges: readonly Exchange[];
  /** For a login: where the browser was sent, and the address with which it came back. */
  readonly browser?: { readonly sentTo: string; readonly cameBackTo?: string };
  readonly verdict?: string;
  /** Opens the login page; called from a click. */
  readonly openLogin?: () => void;
}

export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
  /** Absent while it is on its way. */
  readonly response?: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    /** Where redirects have led. */
    readonly url: string;
  };
  /** Milliseconds from the request to the whole answer, as this page measured them. */
  readonly durationMs?: number;
  /** What happened at the server; undefined if nobody knows. */
  readonly entries: readonly TraceEntry[] | undefined;
}

/** What the page shows of a run. */
export interface RunState {
  readonly status: "running" | "waiting" | "done" | "refused" | "failed";
  readonly steps: readonly Step[];
  /** Why the run could not go on, if it failed or was refused. */
  readonly trouble?: string;
}
