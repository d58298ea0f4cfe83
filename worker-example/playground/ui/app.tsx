// The page: opens the place where requests go, keeps what was chosen, and shows what happened.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Choices, Flow, Place } from "../model";
import { FlowList } from "./flow-list";
import { Head, type Mode } from "./head";
import { hashOf, readHash, resolved, secretsOf } from "./link";
import { OpeningFailed } from "./opening-failed";
import { Overview } from "./overview";
import { PlaceOpened } from "./place";
import { SecretsShown } from "./secret";
import { Timeline } from "./timeline";
import { isActive, useRun } from "./use-run";

export interface AppProps {
  readonly mode: Mode;
  readonly switchable: boolean;
  readonly flows: readonly Flow[];
  readonly openPlace: () => Promise<Place>;
  /** What the address asks for and can't have, in a sentence. */
  readonly trouble?: string | undefined;
}

type Opening =
  | { readonly status: "opening" }
  | { readonly status: "open"; readonly place: Place }
  | { readonly status: "failed"; readonly reason: string };

export function App({ mode, switchable, flows, openPlace, trouble }: AppProps) {
  const [opening, setOpening] = useState<Opening>({ status: "opening" });
  const [links, setLinks] = useState<Links>({ address: location.hash, screen: location.hash });
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
      <Head mode={mode} switchable={switchable} {...links} />
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
        <PlaceOpened.Provider value={opening.place}>
          <Playground
            flows={flows}
            place={opening.place}
            onLinks={setLinks}
            {...(trouble !== undefined && { trouble })}
          />
        </PlaceOpened.Provider>
      )}
    </>
  );
}

/** Why; what a browser says of a failed fetch, in words of its own, tells nothing. */
function reasonOf(error: unknown): string {
  return error instanceof Error && !(error instanceof TypeError) ? error.message : "";
}

interface PlaygroundProps {
  readonly flows: readonly Flow[];
  readonly place: Place;
  readonly onLinks: (links: Links) => void;
  /** What is wrong with the address. */
  readonly trouble?: string;
}

/** What to try after a flow: the next one, but no login yet after the first. */
function nextOf(flow: Flow, flows: readonly Flow[]): Flow | undefined {
  return flow.id === "client-credentials"
    ? flows.find(({ id }) => id === "password")
    : flows[flows.indexOf(flow) + 1];
}

/** Hashes of links. */
interface Links {
  /** To the flow that is chosen, with its choices. */
  readonly address: string;
  /** To the run that is on the screen, while there is one. */
  readonly screen: string;
}

/** Marks the entries of the history that this page has made: going back to them runs nothing. */
const own = { playground: "choice" };

function Playground({ flows, place, onLinks, ...given }: PlaygroundProps) {
  const { setup } = place;
  const [first] = flows as [Flow];
  // What was chosen for each flow stays while others are looked at.
  const [chosen, setChosen] = useState<Readonly<Record<string, Choices>>>({});
  const [flow, setFlow] = useState<Flow>(first);
  const [trouble, setTrouble] = useState(given.trouble);
  const [secretsShown, setSecretsShown] = useState(false);
  const { shown, start, stop } = useRun();
  const timeline = useRef<HTMLDivElement>(null);
  /** A run has started that has not been shown yet. */
  const starts = useRef(false);
  /** The flow was chosen far from the list. */
  const leaps = useRef(false);

  const { options, choices } = resolved(flow, setup, chosen[flow.id] ?? {});

  const run = (runFlow: Flow, raw: Choices) => {
    const { options, choices } = resolved(runFlow, setup, raw);
    start(runFlow, choices, place, hashOf(runFlow, options, choices, true));
    starts.current = true;
  };
  // On a narrow screen, the timeline is far below the button; on others, its title may be above the
  // window. Not before the old result is gone: without it, the page may be too short.
  useEffect(() => {
    if (!starts.current) return;
    starts.current = false;
    const top = timeline.current?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight / 2) timeline.current?.scrollIntoView();
  });

  const follow = (runs: boolean) => {
    const linked = readHash(location.hash, flows, setup);
    setTrouble(linked?.trouble ?? given.trouble);
    if (linked === undefined) setFlow(first);
    if (linked === undefined || !("flow" in linked)) return;
    const { flow, choices } = linked;
    setFlow(flow);
    // Links have no secrets: those that were filled in stay.
    setChosen((before) => ({
      ...before,
      [flow.id]: { ...secretsOf(flow, setup, before[flow.id] ?? {}), ...choices },
    }));
    if (!linked.run || !runs) return;
    const { options } = resolved(flow, setup, choices);
    const missing = options.filter(({ kind, value }) => kind === "secret" && value === "");
    if (missing.length === 0) run(flow, choices);
    else
      setTrouble(
        `Links have no secrets: fill in “${missing.map(({ label }) => label).join("”, “")}”, then run the flow.`,
      );
  };
  useEffect(() => {
    follow(true);
    // Also fires when a link to this page is followed: that makes an entry without a mark.
    const moved = () => follow(history.state?.playground !== own.playground);
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, []);

  // The address is the link to what is chosen; with `run`, if that is what is on the screen.
  const ranHash = hashOf(flow, options, choices, true);
  const isShown = shown?.hash === ranHash;
  const hash = isShown ? ranHash : hashOf(flow, options, choices, false);
  const screen = shown?.hash ?? hash;
  useEffect(() => {
    const pristine = flow === first && location.hash === "" && hash === hashOf(flow, [], {}, false);
    history.replaceState(own, "", pristine ? location.href : hash);
    onLinks({ address: hash, screen });
  }, [hash, screen]);

  const runChosen = () => {
    setTrouble(undefined);
    run(flow, chosen[flow.id] ?? {});
  };
  const choose = (next: Flow) => {
    setTrouble(undefined);
    if (next === flow) return;
    const { options, choices } = resolved(next, setup, chosen[next.id] ?? {});
    history.pushState(own, "", hashOf(next, options, choices, false));
    setFlow(next);
  };
  // The button that was pressed is gone.
  useEffect(() => {
    if (leaps.current) document.querySelector<HTMLElement>(".flow.current .flow-title")?.focus();
    leaps.current = false;
  }, [flow]);

  return (
    <SecretsShown.Provider value={secretsShown}>
      <main class="workbench">
        <FlowList
          flows={flows}
          chosen={flow}
          options={options}
          choices={choices}
          running={shown && isActive(shown) ? shown.flow : undefined}
          waiting={shown?.state.status === "waiting"}
          onChoose={choose}
          onChange={(name, value) =>
            setChosen((before) => ({
              ...before,
              [flow.id]: { ...before[flow.id], [name]: value },
            }))
          }
          onRun={runChosen}
          onSkip={shown && (() => document.getElementById("timeline-title")?.focus())}
        />
        <div ref={timeline}>
          {trouble !== undefined && (
            <p class="notice" role="status">
              {trouble}
            </p>
          )}
          <Timeline
            shown={shown}
            chosen={flow}
            isChosen={isShown}
            onStop={stop}
            secretsShown={secretsShown}
            onToggleSecrets={() => setSecretsShown(!secretsShown)}
            onRun={runChosen}
            next={nextOf(flow, flows)}
            onNext={(next) => {
              leaps.current = true;
              choose(next);
            }}
          />
        </div>
      </main>
    </SecretsShown.Provider>
  );
}
