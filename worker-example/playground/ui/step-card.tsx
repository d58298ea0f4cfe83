// A step of the timeline: what it is about, what happened, and what has come of it.
import { useEffect, useId, useRef } from "preact/hooks";
import type { Exchange, Step } from "../model";
import { BrowserRows } from "./browser-rows";
import { CodePanel } from "./code-panel";
import { EntryRows } from "./entry-rows";
import { CheckIcon, CrossIcon, RefusedIcon, Spinner, WaitingIcon } from "./icons";
import { AnswerRow, RequestRow } from "./request-row";
import { millisecondsText, stepStatusText } from "./summary";

interface StepCardProps {
  readonly step: Step;
  /** The run was stopped: nothing more happens. */
  readonly stopped: boolean;
}

export function StepCard({ step, stopped }: StepCardProps) {
  const { id, title, about, exchanges, browser, verdict, status, openLogin } = step;
  const titleId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const waits = useRef(false);
  // The button that opened the login is gone, and with it the focus.
  useEffect(() => {
    if (waits.current && status !== "waiting" && document.activeElement === document.body)
      heading.current?.focus();
    waits.current = status === "waiting";
  }, [status]);
  const halted = stopped && (status === "running" || status === "waiting");
  return (
    <li class={`step ${halted ? "stopped" : status}`} aria-labelledby={titleId}>
      <header class="step-head">
        <span class="step-number" aria-hidden="true">
          {id + 1}
        </span>
        <h3 id={titleId} ref={heading} tabIndex={-1}>
          <span class="visually-hidden">Step {id + 1}: </span>
          {title}
        </h3>
        {halted ? <span class="badge">Stopped</span> : <Badge step={step} />}
      </header>
      <p class="about">{about}</p>
      {status === "waiting" && !halted && (
        <div class="waiting-box">
          <p>{verdict ?? "Now it is your turn: log in, and the flow goes on by itself."}</p>
          <button type="button" class="button primary" onClick={() => openLogin?.()}>
            Open the login page
          </button>
        </div>
      )}
      {browser !== undefined && (
        <div class="exchange">
          <BrowserRows {...browser} />
        </div>
      )}
      {exchanges.map((exchange, index) => (
        <ExchangeRows
          key={String(index)}
          exchange={exchange}
          ended={halted || status === "failed"}
          title={exchanges.length > 1 ? `Request ${index + 1} of ${exchanges.length}` : undefined}
        />
      ))}
      {verdict !== undefined && status !== "waiting" && (
        <p class="verdict">
          <span class={status === "failed" ? "bad-text" : "good-text"}>
            {status === "failed" ? <CrossIcon /> : <CheckIcon />}
          </span>
          <span>{verdict}</span>
        </p>
      )}
      <CodePanel step={step} />
    </li>
  );
}

function Badge({ step: { status, expected, exchanges } }: { step: Step }) {
  const total = exchanges.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  const refused = status === "done" && expected === "refusal";
  return (
    <>
      {total > 0 && <span class="duration">{millisecondsText(total)}</span>}
      <span class={`badge ${refused ? "refused" : status}`}>
        {status === "running" && <Spinner />}
        {status === "waiting" && <WaitingIcon />}
        {status === "failed" && <CrossIcon />}
        {status === "done" && (refused ? <RefusedIcon /> : <CheckIcon />)}
        {stepStatusText(status, expected)}
      </span>
    </>
  );
}

interface ExchangeRowsProps {
  readonly exchange: Exchange;
  readonly title: string | undefined;
  readonly ended: boolean;
}

function ExchangeRows({ exchange, title, ended }: ExchangeRowsProps) {
  return (
    <div class="exchange">
      {title !== undefined && <h4>{title}</h4>}
      <ol class="rows">
        <RequestRow request={exchange.request} />
        {exchange.entries.map((entry, index) => (
          <EntryRows key={String(index)} entry={entry} />
        ))}
        <AnswerRow exchange={exchange} ended={ended} />
      </ol>
    </div>
  );
}
