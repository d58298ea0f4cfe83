// A step as code to copy: the command that sends its requests, the client's and the worker's code.
import { useContext, useId, useState } from "preact/hooks";
import type { Exchange, Step } from "../model";
import { CopyButton } from "./copy";
import { curlCommand, singleUseOf } from "./curl";
import { highlight } from "./highlight";
import { PlaceOpened } from "./place";
import { SecretsShown } from "./secret";

interface Code {
  readonly title: string;
  readonly language: "typescript" | "shell";
  readonly shown: string;
  readonly copied: () => string;
  readonly note: string;
}

/** What the commands of these requests do when they are run. */
function curlNote(requests: readonly Exchange["request"][], inTab: boolean): string {
  const several = requests.length > 1;
  const once = [...new Set(requests.flatMap(singleUseOf))];
  const refused = several ? "the request with it" : "this very request";
  return [
    inTab &&
      "Works with npm start running: here the server lives in this tab and has no address, and only this tab knows its codes and tokens.",
    "Copied with the true secrets.",
    several &&
      "These are the requests of this run, one after the other: none uses what another one gets.",
    once.length > 0 &&
      !inTab &&
      `The server takes ${once.join(" and ")} only once: it refuses ${refused} from now on.`,
  ]
    .filter(Boolean)
    .join(" ");
}

function codesOf({ id, exchanges, code }: Step, secretsShown: boolean, inTab: boolean): Code[] {
  const codes: Code[] = [];
  const requests = exchanges.map(({ request }) => request);
  if (requests.length > 0) {
    const commands = (hidden: boolean) =>
      requests.map((request) => curlCommand(request, { hidden })).join("\n\n");
    codes.push({
      title: "curl",
      language: "shell",
      shown: commands(!secretsShown),
      copied: () => commands(false),
      note: curlNote(requests, inTab),
    });
  }
  const texts = [
    [
      "client code",
      code.oauth4webapi,
      `What the client runs, with the package oauth4webapi. Secrets are read from its environment.${
        id === 0 ? "" : " It goes on from the code of the steps before."
      }`,
    ],
    ["endpoint code", code.worker, "What the server runs to answer, with this package."],
  ] as const;
  for (const [title, text, note] of texts) {
    if (text === undefined) continue;
    const shown = text.trim();
    codes.push({ title, language: "typescript", shown, copied: () => `${shown}\n`, note });
  }
  return codes;
}

export function CodePanel({ step }: { step: Step }) {
  const inTab = useContext(PlaceOpened)?.mode === "tab";
  const codes = codesOf(step, useContext(SecretsShown), inTab);
  const [chosen, setChosen] = useState<string>();
  const panelId = useId();
  if (codes.length === 0) return null;
  const open = codes.find(({ title }) => title === chosen);
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a part of a form. */}
      <div class="code-choice" role="group" aria-label={`Step ${step.id + 1} as code`}>
        <span class="code-title">As code</span>
        {codes.map(({ title }) => (
          <button
            key={title}
            type="button"
            class="tab"
            aria-expanded={title === chosen}
            aria-controls={panelId}
            onClick={() => setChosen(title === chosen ? undefined : title)}
          >
            {title}
          </button>
        ))}
      </div>
      <div id={panelId} class="code-panel" hidden={open === undefined}>
        {open !== undefined && (
          <>
            <div class="code-head">
              <p class="note code-note">{open.note}</p>
              <CopyButton
                key={open.title}
                label="Copy"
                text={open.copied}
                instead="select the text"
              />
            </div>
            <section
              class="code-text"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard.
              tabIndex={0}
              aria-label={`Step ${step.id + 1}: ${open.title}`}
            >
              <pre>
                {highlight(open.shown, open.language).map(([kind, text]) =>
                  kind === "" ? text : <span class={`code-${kind}`}>{text}</span>,
                )}
              </pre>
            </section>
          </>
        )}
      </div>
    </div>
  );
}
