// The page: opens the place where requests go, keeps what was chosen, and shows what happened.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Choices, Flow, Place } from "../model";
import { FlowList } from "./flow-list";
import { Head, type Mode } from "./head";
import { CrossIcon } from "./icons";
import { hashOf, readHash, resolved } from "./link";
import { Overview } from "./overview";
import { SecretsShown } from "./secret";
import { Timeline } from "./timeline";
import { isActive, useRun } from "./use-run";

export interface AppProps {
  readonly mode: Mode;
  readonly switchable: boolean;
  readonly flows: readonly Flow[];
  readonly openPlace: () => Promise<Place>;
}

type Opening =
  | { readonly status: "opening" }
  | { readonly status: "open"; readonly place: Place }
  | { readonly status: "failed"; readonly reason: string };

export function App({ mode, switchable, flows, openPlace }: AppProps) {
  const [opening, setOpening] = useState<Opening>({ status: "opening" });
  const [hash, setHash] = useState(location.hash);
  const open = () => {
    setOpening({ status: "opening" });
    openPlace().then(
      (place) => setOpening({ status: "open", place }),
      (error) => setOpening({ status: "failed", reason: reasonOf(error) }),
    );
  };
  useEffect(open, []);
  return (
    <>
      <Head mode={mode} switchable={switchable} hash={hash} />
      <Overview mode={mode} />
      {opening.status === "opening" && (
        <main class="opening">
          <p class="loading" role="status">
            <span class="spinner" aria-hidden="true" />
            {mode === "tab" ? "Starting the engine in this tab" : "Asking the worker for its setup"}
          </p>
        </main>
      )}
      {opening.status === "failed" && (
        <main class="opening">
          <OpeningFailed mode={mode} reason={opening.reason} onRetry={open} />
        </main>
      )}
      {opening.status === "open" && (
        <Playground flows={flows} place={opening.place} onHash={setHash} />
      )}
    </>
  );
}

interface OpeningFailedProps {
  readonly mode: Mode;
  readonly reason: string;
  readonly onRetry: () => void;
}

function OpeningFailed({ mode, reason, onRetry }: OpeningFailedProps) {
  const unreachable = mode === "worker" && reason === "";
  return (
    <div class="error" role="alert">
      <CrossIcon />
      <div>
        <strong>
          {unreachable ? "The worker did not answer." : "The playground could not start."}
        </strong>{" "}
        {unreachable ? (
          <>
            Is <code>npm start</code> still running?
          </>
        ) : (
          reason
        )}
        <p>
          <button type="button" class="button" onClick={onRetry}>
            Try again
          </button>
        </p>
      </div>
    </div>
  );
}

/** Why; what a browser says of a failed fetch, in words of its own, tells nothing. */
function reasonOf(error: unknown): string {
  return error instanceof Error && !(error instanceof TypeError) ? error.message : "";
}

interface PlaygroundProps {
  readonly flows: readonly Flow[];
  readonly place: Place;
  /** Gets the hash of the link to what is on the screen. */
  readonly onHash: (hash: string) => void;
}

function Playground({ flows, place, onHash }: PlaygroundProps) {
  const { setup } = place;
  const [first] = flows as [Flow];
  // It needs no login: one click shows everything.
  const suggestion = flows.find(({ id }) => id === "client-credentials") ?? first;
  // What was chosen for each flow stays while others are looked at.
  const [chosen, setChosen] = useState<Readonly<Record<string, Choices>>>({});
  const [flow, setFlow] = useState<Flow>(first);
  const [trouble, setTrouble] = useState<string>();
  const [secretsShown, setSecretsShown] = useState(false);
  const { shown, start, stop } = useRun();
  const timeline = useRef<HTMLDivElement>(null);

  const { options, choices } = resolved(flow, setup, chosen[flow.id] ?? {});

  const run = (runFlow: Flow, raw: Choices) => {
    const { options, choices } = resolved(runFlow, setup, raw);
    start(runFlow, choices, place, hashOf(runFlow, options, choices, true));
    // On a narrow screen, the timeline is far below the button.
    const top = timeline.current?.getBoundingClientRect().top ?? 0;
    if (top > innerHeight * 0.7) timeline.current?.scrollIntoView();
  };

  const follow = () => {
    const linked = readHash(location.hash, flows, setup);
    setTrouble(linked?.trouble);
    if (linked === undefined || !("flow" in linked)) return;
    const { flow, choices } = linked;
    setFlow(flow);
    setChosen((before) => ({ ...before, [flow.id]: choices }));
    if (!linked.run) return;
    const { options } = resolved(flow, setup, choices);
    const missing = options.filter(({ kind, value }) => kind === "secret" && value === "");
    if (missing.length === 0) run(flow, choices);
    else
      setTrouble(
        `Links have no secrets: fill in “${missing.map(({ label }) => label).join("”, “")}”, then run the flow.`,
      );
  };
  useEffect(() => {
    follow();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);

  // The address is always the link to what is on the screen.
  const ranHash = hashOf(flow, options, choices, true);
  const hash = shown?.hash === ranHash ? ranHash : hashOf(flow, options, choices, false);
  useEffect(() => {
    const pristine = flow === first && location.hash === "" && hash === hashOf(flow, [], {}, false);
    if (!pristine && location.hash !== hash) history.replaceState(null, "", hash);
    onHash(hash);
  }, [hash]);

  return (
    <SecretsShown.Provider value={secretsShown}>
      <main class="workbench">
        <FlowList
          flows={flows}
          chosen={flow}
          options={options}
          choices={choices}
          running={shown && isActive(shown) ? shown.flow : undefined}
          onChoose={(next) => {
            setTrouble(undefined);
            setFlow(next);
          }}
          onChange={(name, value) =>
            setChosen((before) => ({
              ...before,
              [flow.id]: { ...before[flow.id], [name]: value },
            }))
          }
          onRun={() => {
            setTrouble(undefined);
            run(flow, chosen[flow.id] ?? {});
          }}
        />
        <div ref={timeline}>
          {trouble !== undefined && (
            <p class="notice" role="status">
              {trouble}
            </p>
          )}
          <Timeline
            shown={shown}
            onStop={stop}
            secretsShown={secretsShown}
            onToggleSecrets={() => setSecretsShown(!secretsShown)}
            suggestion={suggestion}
            onRunSuggestion={() => {
              setFlow(suggestion);
              run(suggestion, chosen[suggestion.id] ?? {});
            }}
          />
        </div>
      </main>
    </SecretsShown.Provider>
  );
}
