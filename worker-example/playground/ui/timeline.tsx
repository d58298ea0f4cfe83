// The right side: what happened, step by step; before that, what will be seen here.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Flow } from "../model";
import { CrossIcon } from "./icons";
import { Row } from "./row";
import { StepCard } from "./step-card";
import { announcementOf, type Lane, laneTitles } from "./summary";
import { isActive, type ShownRun } from "./use-run";

interface TimelineProps {
  readonly shown: ShownRun | undefined;
  /** The flow that is chosen on the left. */
  readonly chosen: Flow;
  /** What is shown is a run of it, with what is chosen for it. */
  readonly isChosen: boolean;
  readonly onStop: () => void;
  readonly secretsShown: boolean;
  readonly onToggleSecrets: () => void;
  /** Runs the chosen flow. */
  readonly onRun: () => void;
  /** What to try after the chosen flow. */
  readonly next: Flow | undefined;
  readonly onNext: (flow: Flow) => void;
}

export function Timeline({ shown, onRun, onStop, ...rest }: TimelineProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Buttons that are gone after they were pressed leave the focus to the heading.
  const leaves = useRef(false);
  useEffect(() => {
    if (leaves.current) heading.current?.focus();
    leaves.current = false;
  });
  const leaving = (act: () => void) => () => {
    leaves.current = true;
    act();
  };
  return (
    <section
      class={shown ? "timeline started" : "timeline"}
      id="timeline"
      aria-labelledby="timeline-title"
    >
      <p class="visually-hidden" role="status">
        {shown && (shown.stopped ? "The run was stopped." : announcementOf(shown.state))}
      </p>
      {shown === undefined ? (
        <Empty suggestion={rest.chosen} onRun={leaving(onRun)} />
      ) : (
        <Steps shown={shown} heading={heading} onStop={leaving(onStop)} {...rest} />
      )}
    </section>
  );
}

type StepsProps = Omit<TimelineProps, "shown" | "onRun"> & {
  readonly shown: ShownRun;
  readonly heading: RefObject<HTMLHeadingElement | null>;
};

function Steps({ shown, chosen, isChosen, heading, onStop, ...rest }: StepsProps) {
  const { secretsShown, onToggleSecrets, next, onNext } = rest;
  const { flow, state, stopped, replaced } = shown;
  const { status, steps, trouble } = state;
  return (
    <>
      <header class="timeline-head">
        <div>
          <h2 id="timeline-title" ref={heading} tabIndex={-1}>
            {flow.title}
          </h2>
          <p class="note">{flow.summary}</p>
        </div>
        <div class="tools">
          {isActive(shown) && (
            <button type="button" class="button small" onClick={onStop}>
              Stop
            </button>
          )}
          <button type="button" class="button small" onClick={onToggleSecrets}>
            {secretsShown ? "Hide secrets" : "Show secrets"}
          </button>
        </div>
      </header>
      {!isChosen && (
        <p class="notice older">
          {flow === chosen
            ? "This is the result of other choices. Press Run for those that are chosen now."
            : `This is the result of “${flow.title}”. Press Run for “${chosen.title}”.`}
        </p>
      )}
      {replaced !== undefined && (
        <p class="notice">“{replaced}” was still running, and was stopped.</p>
      )}
      {steps.length > 0 && (
        <ol class={isChosen ? "steps" : "steps older"}>
          {steps.map((step) => (
            <StepCard key={step.id} step={step} stopped={stopped} />
          ))}
        </ol>
      )}
      {status === "running" && steps.length === 0 && !stopped && (
        <p class="loading">
          <span class="spinner" aria-hidden="true" /> Starting
        </p>
      )}
      {status === "failed" && (
        <p class="error" role="alert">
          <CrossIcon />
          <span>
            <strong>The run ended early.</strong> {trouble}
          </span>
        </p>
      )}
      {status === "refused" && (
        <p class="notice" role="alert">
          <span>
            <strong>Refused.</strong> {trouble}
          </span>
        </p>
      )}
      {stopped && <p class="notice">You have stopped this run.</p>}
      {status === "done" && (
        <p class="ending">
          Complete: {steps.length === 1 ? "one step" : `${steps.length} steps`}. Open any line to
          see exactly what was sent, checked and answered.
        </p>
      )}
      {status === "done" && flow === chosen && next !== undefined && (
        <p class="suggestion">
          <button type="button" class="button" onClick={() => onNext(next)}>
            Next: “{next.title}”
          </button>
          <span class="note">{next.summary}</span>
        </p>
      )}
    </>
  );
}

/** What the lines will say, in their order. */
const preview: readonly (readonly [Lane, string])[] = [
  ["client", "the request: address, headers, parameters"],
  ["endpoint", "what it asks Authlete"],
  ["engine", "each check in its order, passed or refused"],
  ["api", "the action that it answers"],
  ["endpoint", "the function of yours (a hook) that it asks, and its answer to the client"],
];

function Empty({ suggestion, onRun }: { suggestion: Flow; onRun: () => void }) {
  return (
    <div class="empty-state">
      <h2 id="timeline-title">Nothing has run yet</h2>
      <p>
        Choose a flow and press Run. Real requests go to a real token endpoint, and each step shows
        up here with everything that happened, from the request to the tokens:
      </p>
      <ul class="rows">
        {preview.map(([lane, text]) => (
          <Row key={text} lane={lane} who={laneTitles[lane]} summary={text} />
        ))}
      </ul>
      <p class="suggestion">
        <button type="button" class="button primary" onClick={onRun}>
          Try “{suggestion.title}”
        </button>
        <span class="note">{suggestion.summary}</span>
      </p>
    </div>
  );
}
