// What happened at the server between a request and its answer: calls of the four APIs, the
// engine's checks, hooks, events.
import type { EngineCheck } from "authlete-token/engine";
import type { CallEntry, EventEntry, HookEntry, TraceEntry } from "../../src/trace";
import { actions as actionNotes } from "../explain/actions";
import { checks as checkNotes } from "../explain/checks";
import { CheckIcon, CrossIcon } from "./icons";
import { Json } from "./json";
import { Row } from "./row";
import { laneTitles, statusText, verdictOf } from "./summary";

export function EntryRows({ entry }: { entry: TraceEntry }) {
  switch (entry.type) {
    case "call":
      return <CallRows entry={entry} />;
    case "hook":
      return <HookRow entry={entry} />;
    case "checks":
      return <ChecksRow checks={entry.checks} operation={entry.operation} />;
    case "event":
      return <EventRow entry={entry} />;
  }
}

/** The endpoint's question to an API, what the engine checked for it, and the API's answer. */
function CallRows({ entry }: { entry: CallEntry }) {
  const { api, request, status, response, checks, durationMs } = entry;
  const { action, resultCode, resultMessage } = verdictOf(entry);
  const note = action === undefined ? undefined : actionNotes[api]?.[action];
  return (
    <>
      <Row
        lane="endpoint"
        who={laneTitles.endpoint}
        summary={
          <>
            asks <code class="strong">{api}</code>
          </>
        }
      >
        <Json title="What the endpoint sent" value={request} />
      </Row>
      {checks.length > 0 && <ChecksRow checks={checks} />}
      <Row
        lane="api"
        who={laneTitles.api}
        durationMs={durationMs}
        summary={
          <>
            <code class="strong">{api}</code>{" "}
            {action === undefined ? (
              <>
                answers <code class="status bad">{statusText(status)}</code>
              </>
            ) : (
              <>
                answers <code class="chip">action</code> <code class="strong">{action}</code>
              </>
            )}{" "}
            {note !== undefined && <span class="reason">{note}</span>}
          </>
        }
      >
        {resultCode !== undefined && (
          <p>
            <code class="strong">{resultCode}</code> {withoutCode(resultMessage)}
          </p>
        )}
        <Json title={`What came back (${statusText(status)})`} value={response} />
      </Row>
    </>
  );
}

/** Names of what is no check: something that was made, or stored. */
const products: Partial<Readonly<Record<EngineCheck["name"], string>>> = {
  access_token_issued: "access token",
  refresh_token_issued: "refresh token",
  id_token_issued: "ID token",
};

/** The engine's checks, in their order; a refusal is said at a glance. */
function ChecksRow({ checks, operation }: { checks: readonly EngineCheck[]; operation?: string }) {
  const refused = checks.find(({ outcome }) => outcome === "refused");
  const passed = checks.filter(
    ({ name, outcome }) =>
      outcome === "passed" && products[name] === undefined && name !== "commit",
  );
  const made = checks.flatMap(({ name }) => products[name] ?? []);
  const stored = checks.some(({ name }) => name === "commit");
  const came = [`made: ${made.join(", ")}`, ...(stored ? ["stored"] : [])].join(" · ");
  const ended = checks.some(
    ({ name, outcome, detail = "" }) =>
      name === "commit" && outcome === "passed" && /\bdelete grant\b/.test(detail),
  );
  const own = operation !== undefined && (
    <>
      <span class="names">its function </span>
      <code class="strong">{operation}</code>{" "}
    </>
  );
  return (
    <Row
      lane="engine"
      who={laneTitles.engine}
      summary={
        <>
          {refused === undefined ? (
            <>
              {own}
              <span class="good-text">
                <CheckIcon /> {passed.length === 1 ? "1 check" : `${passed.length} checks`} passed
              </span>
              {passed.length > 0 && (
                <span class="names">: {passed.map(({ name }) => titleOf(name)).join(" · ")}</span>
              )}
              {made.length === 0 && stored && <span class="names">; stored</span>}{" "}
              {made.length > 0 && <span class="reason">{came}</span>}
            </>
          ) : (
            <>
              {own}
              {passed.length > 0 && `${passed.length} passed, then `}
              <span class="bad-text">
                <CrossIcon /> {titleOf(refused.name)}
              </span>{" "}
              <span class="reason">
                {withoutCode(refused.resultMessage) ?? checkNotes[refused.name]?.about}
              </span>
            </>
          )}
          {ended && <span class="reason">deleted: the login with all its tokens</span>}
        </>
      }
    >
      {operation !== undefined && (
        <p class="note">
          <code>{operation}</code> is a function of the engine that the server calls itself: none of
          the four APIs.
        </p>
      )}
      <ol class="checks">
        {checks.map((check, index) => (
          <Check key={`${index} ${check.name}`} check={check} />
        ))}
      </ol>
    </Row>
  );
}

function Check({ check }: { check: EngineCheck }) {
  const { name, outcome, detail, resultCode } = check;
  const note = checkNotes[name];
  const refused = outcome === "refused";
  return (
    <li class={refused ? "check refused" : "check"}>
      {refused ? <CrossIcon /> : <CheckIcon />}
      <div>
        <strong>{titleOf(name)}</strong>{" "}
        <span class={refused ? "bad-text" : "visually-hidden"}>{outcome}</span>{" "}
        {detail !== undefined && <code class="chip">{detail}</code>}
        {refused && (
          <p class="refusal">
            {resultCode !== undefined && <code>{resultCode}</code>}{" "}
            {withoutCode(check.resultMessage)}
          </p>
        )}
        {note !== undefined && (
          <p class="note fine">
            {note.about} {note.source !== undefined && <cite>{note.source}</cite>}
          </p>
        )}
      </div>
    </li>
  );
}

/** The name as it is, if nothing explains it. */
function titleOf(name: EngineCheck["name"]): string {
  return checkNotes[name]?.title ?? name;
}

/** Result messages begin with their code in brackets. */
function withoutCode(resultMessage: string | undefined): string | undefined {
  return resultMessage?.replace(/^\[\w+\]\s*/, "");
}

function HookRow({ entry: { hook, outcome, durationMs } }: { entry: HookEntry }) {
  return (
    <Row
      lane="endpoint"
      who={laneTitles.endpoint}
      durationMs={durationMs}
      summary={
        <>
          asks your hook <code class="strong">{hook}</code> → {outcome}
        </>
      }
    />
  );
}

function EventRow({ entry: { event } }: { entry: EventEntry }) {
  const { type, detail } = event;
  return (
    <Row
      lane="endpoint"
      who={laneTitles.endpoint}
      summary={
        <>
          reports <code class="strong">{type}</code>{" "}
          {typeof detail === "string" && <span class="reason">{detail}</span>}
        </>
      }
    >
      <Json title="Event" value={event} />
    </Row>
  );
}
