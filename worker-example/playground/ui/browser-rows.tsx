// The way of the user's browser through a login: where the client sent it, and how it came back.
import { parameters as notes } from "../explain/parameters";
import type { Step } from "../model";
import { Facts, factsOf } from "./facts";
import { parametersOf } from "./mask";
import { Chips, Row } from "./row";
import { Address } from "./secret";
import { endpointTitle, laneTitles, parametersInShort, pathOf, redirectInShort } from "./summary";

export function BrowserRows({ sentTo, cameBackTo }: NonNullable<Step["browser"]>) {
  const request = { method: "GET", url: sentTo, headers: [], body: "" };
  const hasCode = cameBackTo !== undefined && new URL(cameBackTo).searchParams.has("code");
  return (
    <>
      <ol class="rows">
        <Row
          lane="client"
          who={laneTitles.client}
          summary={
            <>
              sends the browser to <code class="strong">{pathOf(sentTo)}</code>
              <Chips texts={parametersInShort(request)} />
            </>
          }
        >
          <Visited url={sentTo} />
        </Row>
        {cameBackTo !== undefined && (
          <Row
            lane="endpoint"
            who={endpointTitle(sentTo)}
            summary={`has asked the user, and ${redirectInShort(cameBackTo)}`}
          >
            <Visited url={cameBackTo} />
          </Row>
        )}
      </ol>
      {cameBackTo !== undefined && (
        <p class="note fine">
          Not recorded here: the login page called the engine’s <code>checkAuthorization</code>
          {hasCode && (
            <>
              {" "}
              and <code>issueAuthorizationCode</code>
            </>
          )}
          .
        </p>
      )}
    </>
  );
}

/** An address of the browser with its parameters. */
function Visited({ url }: { url: string }) {
  return (
    <>
      <p class="address">
        <code>
          <Address url={url} />
        </code>
      </p>
      <Facts
        title="Parameters of the address"
        facts={factsOf(parametersOf(new URL(url).search), notes)}
      />
    </>
  );
}
