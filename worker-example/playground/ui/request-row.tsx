// The client's request, and the answer that it gets.
import { headers as headerNotes } from "../explain/headers";
import { parameters as parameterNotes } from "../explain/parameters";
import { parsedJson } from "../json-text";
import type { Exchange } from "../model";
import { Facts, factsOf } from "./facts";
import { Json } from "./json";
import { Chips, Row } from "./row";
import { Address } from "./secret";
import {
  answerInShort,
  endpointTitle,
  isUnchallenged,
  laneTitles,
  parametersInShort,
  pathOf,
  redirectInShort,
  requestParameters,
  statusText,
} from "./summary";
import { Tokens } from "./tokens";

export function RequestRow({ request }: { request: Exchange["request"] }) {
  const { method, url, headers, body } = request;
  const { query, form } = requestParameters(request);
  return (
    <Row
      lane="client"
      who={laneTitles.client}
      summary={
        <>
          <code class="strong">
            {method} {pathOf(url)}
          </code>
          <Chips texts={parametersInShort(request)} />
        </>
      }
    >
      <p class="address">
        <code>
          {method} <Address url={url} />
        </code>
      </p>
      <Facts title="Parameters of the address" facts={factsOf(query, parameterNotes)} />
      <Facts title="Headers" facts={factsOf(headers, headerNotes)} />
      <Facts title="Parameters of the form" facts={factsOf(form, parameterNotes)} />
      {form.length === 0 && body !== "" && <Body text={body} />}
      <Tokens values={[...headers, ...form]} />
    </Row>
  );
}

interface AnswerRowProps {
  readonly exchange: Exchange;
  /** Nothing more happens in this step. */
  readonly ended: boolean;
}

export function AnswerRow({ exchange, ended }: AnswerRowProps) {
  const { request, response, durationMs } = exchange;
  const who = endpointTitle(request.url);
  if (response === undefined)
    return (
      <Row
        lane="endpoint"
        who={who}
        summary={
          <span class="pending">
            {ended ? (
              "did not answer"
            ) : (
              <>
                <span class="spinner" aria-hidden="true" /> is working on it
              </>
            )}
          </span>
        }
      />
    );
  const { status, headers, body, url } = response;
  const members = parsedJson(body) as Readonly<Record<string, unknown>> | undefined;
  const texts = Object.entries(members ?? {}).filter(
    (member): member is [string, string] => typeof member[1] === "string",
  );
  const brought = answerInShort(response);
  const redirect = url === request.url ? undefined : redirectInShort(url);
  const description = members?.error_description;
  return (
    <Row
      lane="endpoint"
      who={who}
      durationMs={durationMs}
      durationOf="in all"
      summary={
        <>
          {redirect ?? (
            <>
              answers{" "}
              <code class={status >= 400 ? "status bad" : "status good"}>{statusText(status)}</code>
              {brought && `: ${brought}`}
            </>
          )}
          {typeof description === "string" && (
            <>
              {" "}
              <span class="reason">{description}</span>
            </>
          )}
          {isUnchallenged(exchange.request) && (
            <>
              {" "}
              <span class="reason">
                400 and not 401: a 401 needs a challenge, which would open the browser’s password
                box. RFC&nbsp;6749 §5.2 asks for 401 only if the client used the Authorization
                header.
              </span>
            </>
          )}
        </>
      }
    >
      {redirect !== undefined && (
        <p class="address">
          Redirected to{" "}
          <code>
            <Address url={url} />
          </code>
        </p>
      )}
      <Facts title="Headers" facts={factsOf(headers, headerNotes)} />
      {members === undefined ? (
        body !== "" && <Body text={body} />
      ) : (
        <Json title="Body" value={members} />
      )}
      <Tokens values={texts} />
    </Row>
  );
}

/** A body that is neither a form nor JSON. */
function Body({ text }: { text: string }) {
  const value = parsedJson(text);
  if (value !== undefined) return <Json title="Body" value={value} />;
  const kind = /^\s*<(!doctype|html)/i.test(text) ? "A page in HTML" : "Text";
  return (
    <div class="block">
      <h4>Body</h4>
      <p class="note">
        {kind}, {text.length} characters.
      </p>
    </div>
  );
}
