// A step as code to copy: the command that sends its requests, the client's and the worker's code.
import { useContext, useId, useState } from "preact/hooks";
import type { Step } from "../model";
import { CopyButton } from "./copy";
import { curlCommand, singleUseOf } from "./curl";
import { highlight } from "./highlight";
import { SecretsShown } from "./secret";

interface Code {
  readonly title: string;
  readonly language: "typescript" | "shell";
  readonly shown: string;
  readonly copied: () => string;
  readonly note: string;
}

function codesOf({ id, exchanges, code }: Step, secretsShown: boolean): Code[] {
  const codes: Code[] = [];
  const requests = exchanges.map(({ request }) => request);
  if (requests.length > 0) {
    const once = [...new Set(requests.flatMap(singleUseOf))];
    const commands = (hidden: boolean) =>
      requests.map((request) => curlCommand(request, { hidden })).join("\n\n");
    codes.push({
      title: "curl",
      language: "shell",
      shown: commands(!secretsShown),
      copied: () => commands(false),
      note: `Copied with the true secrets.${
        once.length === 0
          ? ""
          : ` The server takes ${once.join(" and ")} only once: it refuses this very request from now on.`
      }`,
    });
  }
  const texts = [
    [
      "oauth4webapi",
      code.oauth4webapi,
      `What the client runs. Secrets are read from its environment.${
        id === 0 ? "" : " It goes on from the code of the steps before."
      }`,
    ],
    ["Worker", code.worker, "What a worker runs to answer."],
  ] as const;
  for (const [title, text, note] of texts) {
    if (text === undefined) continue;
    const shown = text.trim();
    codes.push({ title, language: "typescript", shown, copied: () => `${shown}\n`, note });
  }
  return codes;
}

export function CodePanel({ step }: { step: Step }) {
  const codes = codesOf(step, useContext(SecretsShown));
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
