// A step of the timeline: what it is about, what happened, and what has come of it.
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import type { Exchange, Step } from "../model";
import { BrowserRows } from "./browser-rows";
import { CodePanel } from "./code-panel";
import { EntryRows } from "./entry-rows";
import { CheckIcon, CrossIcon, RefusedIcon, Spinner, WaitingIcon } from "./icons";
import { AnswerRow, RequestRow } from "./request-row";
import { PlaceOpened } from "./place";
import { millisecondsText, stepStatusText } from "./summary";

interface StepCardProps {
  readonly step: Step;
  /** The run was stopped: nothing more happens. */
  readonly stopped: boolean;
}

export function StepCard({ step, stopped }: StepCardProps) {
  const { id, title, about, exchanges, browser, verdict, status } = step;
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
      {status === "waiting" && !halted && <LoginBox key={id} step={step} />}
      {browser !== undefined && (
        <div class="exchange">
          <BrowserRows {...browser} />
        </div>
      )}
      {exchanges.map((exchange, index) => (
        <ExchangeRows
          key={String(index)}
          exchange={exchange}
          ended={halted || status === "failed" || status === "refused"}
          title={exchanges.length > 1 ? `Request ${index + 1} of ${exchanges.length}` : undefined}
        />
      ))}
      {verdict !== undefined && status !== "waiting" && (
        <p class="verdict">
          {status === "refused" ? (
            <RefusedIcon />
          ) : (
            <span class={status === "failed" ? "bad-text" : "good-text"}>
              {status === "failed" ? <CrossIcon /> : <CheckIcon />}
            </span>
          )}
          <span>{verdict}</span>
        </p>
      )}
      <CodePanel step={step} />
    </li>
  );
}

/** Asks the user to log in. */
function LoginBox({ step }: { step: Step }) {
  const { verdict, openLogin } = step;
  const place = useContext(PlaceOpened);
  const [opened, setOpened] = useState(false);
  // The step only changes when the login has ended in some way.
  useEffect(() => setOpened(false), [step]);
  const user = place?.setup.users.find(({ password }) => password !== undefined);
  const account = user !== undefined && (
    <>
      Log in as <code>{user.username}</code> with <code>{user.password}</code>.{" "}
    </>
  );
  return (
    <div class="waiting-box">
      {opened && place?.mode === "worker" ? (
        <p>
          <strong>Waiting for the login window.</strong> {account}
          If there is no login page in it, close it and open it again.
        </p>
      ) : (
        <p>
          {verdict ?? "Now it is your turn: log in, and the flow goes on by itself."} {account}
        </p>
      )}
      <button
        type="button"
        class={opened ? "button" : "button primary"}
        onClick={() => {
          setOpened(true);
          openLogin?.();
        }}
      >
        {opened ? "Open it again" : "Open the login page"}
      </button>
    </div>
  );
}

function Badge({ step: { status, expected, exchanges } }: { step: Step }) {
  const total = exchanges.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  const refused = status === "done" && expected === "refusal";
  return (
    <>
      {total > 0 && exchanges.length > 1 && (
        <span class="duration">
          {millisecondsText(total)} for {exchanges.length} requests
        </span>
      )}
      <span class={`badge ${refused ? "rightly" : status}`}>
        {status === "running" && <Spinner />}
        {status === "waiting" && <WaitingIcon />}
        {status === "failed" && <CrossIcon />}
        {status === "refused" && <RefusedIcon />}
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
        {exchange.entries?.map((entry, index) => (
          <EntryRows key={String(index)} entry={entry} />
        ))}
        <AnswerRow exchange={exchange} ended={ended} />
      </ol>
      {exchange.entries === undefined && (
        <p class="note fine">
          What happened at the server is not known: it did not tell what it has recorded.
        </p>
      )}
    </div>
  );
}
