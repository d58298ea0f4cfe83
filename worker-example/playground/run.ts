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
    (error) => change({ status: "failed", trouble: sentenceOf(error) }),
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
    login: (url) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        const wait = (note?: string) =>
          change(
            { status: "waiting", openLogin: open, ...(note !== undefined && { verdict: note }) },
            "waiting",
          );
        // A login that was closed can be opened again.
        const open = () => {
          place.login(url, signal).then(
            (back) => {
              change({ status: "running", openLogin: undefined, verdict: undefined });
              resolve(back);
            },
            (error) => wait(sentenceOf(error)),
          );
        };
        wait();
      }),
    verdict: (text) => change({ verdict: text }),
  };
}

/** Whether the server has refused: by its status, by a redirect, or by calling a token inactive. */
function isRefusal({ response }: Exchange): boolean {
  if (response === undefined) return false;
  if (response.status >= 400 || new URL(response.url).searchParams.has("error")) return true;
  try {
    return JSON.parse(response.body).active === false;
  } catch {
    return false;
  }
}

/** What the user is told about a failure. An OAuth error is quoted with its description. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return "Something went wrong that does not say what.";
  const { error: code, error_description: description } = error as {
    error?: unknown;
    error_description?: unknown;
  };
  return typeof code === "string"
    ? `${code}${typeof description === "string" ? `: ${description}` : ""}`
    : error.message;
}
