// Carries out a flow: records each request with what happened at the server, waits for logins, and
// tells the page how it stands.
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
      changeStep({ status: "failed" });
      throw error;
    }
  }

  change({});
  flow.run({ place, choices, signal, step }).then(
    () => change({ status: "done" }),
    (error) => {
      const last = state.steps.at(-1)?.exchanges.at(-1);
      change({ status: "failed", trouble: troubleOf(error, last) });
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
      record({ ...sent, response: received, durationMs, entries });
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
  return membersOf(response.body).active === false;
}

/** The members of a JSON object; none of anything else. */
function membersOf(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}

/** What the user is told about a failure: what the server has said, if it has refused. */
function troubleOf(error: unknown, last: Exchange | undefined): string {
  // oauth4webapi's errors have the members of the answer, but not beside a challenge.
  const response = last?.response;
  const members = isOAuthError(error)
    ? error
    : response !== undefined && response.status >= 400
      ? membersOf(response.body)
      : {};
  if (!isOAuthError(members)) return messageOf(error);
  const { error: code, error_description: description } = members;
  return typeof description === "string" ? `${code}: ${description}` : code;
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
