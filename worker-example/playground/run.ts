// Carries out a flow: records each request with what happened at the server, waits for logins, and
// tells the page how it stands.
import { parsedObject } from "./json-text";
import type {
  Choices,
  Exchange,
  Flow,
  Place,
  RunState,
  Step,
  StepActions,
  StepText,
} from "./model";

/** Starts `flow`. `onChange` gets each new state; after `stop()` none. */
export function startRun(
  flow: Flow,
  choices: Choices,
  place: Place,
  onChange: (state: RunState) => void,
): { stop(): void } {
  const stopping = new AbortController();
  const { signal } = stopping;
  let state: RunState = { status: "running", steps: [] };
  const change = (more: Partial<RunState>) => {
    if (signal.aborted) return;
    state = { ...state, ...more };
    onChange(state);
  };

  async function step<T>(text: StepText, act: (actions: StepActions) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const id = state.steps.length;
    const current = () => state.steps[id] as Step;
    const changeStep = (more: Partial<Step>, status: RunState["status"] = "running") => {
      const steps = state.steps.map((one) => (one.id === id ? { ...one, ...more } : one));
      change({ status, steps });
    };
    change({ steps: [...state.steps, { ...text, id, status: "running", exchanges: [] }] });
    try {
      const result = await act(actions(place, signal, current, changeStep));
      if (text.expected === "refusal" && !current().exchanges.some(isRefusal))
        throw new Error("The server was expected to refuse this, and did not.");
      changeStep({ status: "done" });
      return result;
    } catch (error) {
      const chosen = text.expected === "success" && isByChoice(error, current().exchanges.at(-1));
      changeStep({ status: chosen ? "refused" : "failed" });
      throw error;
    }
  }

  change({});
  flow.run({ place, choices, signal, step }).then(
    () => change({ status: "done" }),
    (error) => {
      const last = state.steps.at(-1);
      const trouble = troubleOf(error, last?.exchanges.at(-1));
      if (last?.status !== "refused") change({ status: "failed", trouble });
      else change({ status: "refused", trouble: trouble + advice(trouble, flow, choices, place) });
    },
  );
  return { stop: () => stopping.abort() };
}

type ChangeStep = (more: Partial<Step>, status?: RunState["status"]) => void;

/** What a flow can do in the step that `current` returns. */
function actions(
  place: Place,
  signal: AbortSignal,
  current: () => Step,
  change: ChangeStep,
): StepActions {
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const at = current().exchanges.length;
      const record = (exchange: Exchange) =>
        change({ exchanges: [...current().exchanges.slice(0, at), exchange] });
      const { method, url } = request;
      const sent = {
        request: {
          method,
          url,
          headers: [...request.headers],
          body: await request.clone().text(),
        },
        entries: [],
      };
      record(sent);
      const { response, url: led, entries, durationMs } = await place.send(request);
      signal.throwIfAborted();
      const received = {
        status: response.status,
        headers: [...response.headers],
        body: await response.clone().text(),
        url: led,
      };
      const { request: shown } = sent;
      const known = dependsOnPage(request, received)
        ? { ...shown, headers: [...shown.headers, ["sec-fetch-site", "same-origin"] as const] }
        : shown;
      record({ request: known, response: received, durationMs, entries });
      // Flows read the parameters of redirect URIs, also where the answer was made in this tab.
      return Object.defineProperty(response, "url", { value: led });
    },
    login: (url) => waitForLogin(url, place, signal, change),
    verdict: (text) => change({ verdict: text }),
  };
}

/** Waits until the user has logged in. A login window that was closed can be opened again. */
function waitForLogin(
  url: string,
  place: Place,
  signal: AbortSignal,
  change: ChangeStep,
): Promise<URL> {
  return new Promise((resolve, reject) => {
    let back: URL | undefined;
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    const open = () => void place.login(url, signal).then(cameBack, wait);
    // The user may have opened the page twice: the first login counts.
    const cameBack = (address: URL) => {
      if (back !== undefined) return;
      back = address;
      const browser = { sentTo: url, cameBackTo: address.href };
      change({ status: "running", openLogin: undefined, verdict: undefined, browser });
      resolve(address);
    };
    const wait = (closed?: unknown) => {
      if (back !== undefined) return;
      const verdict = closed === undefined ? undefined : messageOf(closed);
      const browser = { sentTo: url };
      change({ status: "waiting", openLogin: open, verdict, browser }, "waiting");
    };
    wait();
  });
}

/** Whether the server has refused: by its status, by a redirect, or by calling a token inactive. */
function isRefusal({ response }: Exchange): boolean {
  if (response === undefined) return false;
  if (response.status >= 400 || new URL(response.url).searchParams.has("error")) return true;
  return parsedObject(response.body)?.active === false;
}

/**
 * Whether an answer would have been another one without a header that browsers send by themselves,
 * and that scripts do not see: a client that failed to authenticate gets a 401 elsewhere.
 */
function dependsOnPage({ headers }: Request, { status, body }: { status: number; body: string }) {
  const unauthorized = status === 400 && parsedObject(body)?.error === "invalid_client";
  return unauthorized && !headers.has("authorization");
}

/** What the server has said, if it has refused. */
function refusalOf(error: unknown, last: Exchange | undefined): OAuthError | undefined {
  // oauth4webapi's errors have the members of the answer, but not beside a challenge.
  if (isOAuthError(error)) return error;
  const response = last?.response;
  const members = response && response.status >= 400 ? parsedObject(response.body) : undefined;
  return isOAuthError(members) ? members : undefined;
}

/** Whether the server has refused what was chosen, at the login or for the scope. */
function isByChoice(error: unknown, last: Exchange | undefined): boolean {
  const code = refusalOf(error, last)?.error;
  return code === "access_denied" || code === "invalid_scope";
}

/** What the user is told about a failure. */
function troubleOf(error: unknown, last: Exchange | undefined): string {
  const refusal = refusalOf(error, last);
  if (refusal === undefined) return messageOf(error);
  const { error: code, error_description: description } = refusal;
  return typeof description === "string" ? `${code}: ${description}` : code;
}

/** After a scope that was refused: which one to choose. */
function advice(trouble: string, flow: Flow, choices: Choices, { setup }: Place): string {
  const scope = flow.options(setup, choices).find(({ name }) => name === "scope");
  return trouble.startsWith("invalid_scope") && scope?.hint ? ` ${scope.hint}` : "";
}

interface OAuthError {
  readonly error: string;
  readonly error_description?: unknown;
}

function isOAuthError(value: unknown): value is OAuthError {
  return typeof value === "object" && typeof (value as OAuthError | null)?.error === "string";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something failed that does not say why.";
}
