// The left side: what there is to try. The chosen flow opens, with its options and its button.
import type { Choices, Flow, Option } from "../model";
import { OptionField } from "./option-field";

interface FlowListProps {
  readonly flows: readonly Flow[];
  readonly chosen: Flow;
  readonly options: readonly Option[];
  readonly choices: Choices;
  /** The flow that runs now. */
  readonly running: Flow | undefined;
  /** It waits for the user. */
  readonly waiting: boolean;
  readonly onChoose: (flow: Flow) => void;
  readonly onChange: (name: string, value: string) => void;
  readonly onRun: () => void;
  /** Moves the focus to the result, if there is one. */
  readonly onSkip: (() => void) | undefined;
}

export function FlowList({ flows, ...rest }: FlowListProps) {
  const groups = [...new Set(flows.map(({ group }) => group))];
  return (
    <nav class="flows" aria-label="Flows">
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2 class="overline">{group}</h2>
          <ul>
            {flows
              .filter((flow) => flow.group === group)
              .map((flow) => (
                <FlowItem key={flow.id} flow={flow} {...rest} />
              ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

type FlowItemProps = Omit<FlowListProps, "flows"> & { readonly flow: Flow };

function FlowItem({ flow, chosen, onChoose, running, ...rest }: FlowItemProps) {
  const current = flow === chosen;
  return (
    <li class={current ? "flow current" : "flow"}>
      <button
        type="button"
        class="flow-title"
        aria-current={current ? "true" : undefined}
        onClick={() => onChoose(flow)}
        onKeyDown={moveFocus}
      >
        {flow.title}
        {flow === running && <span class="running-mark">running</span>}
      </button>
      {current && <FlowPanel flow={flow} running={flow === running} {...rest} />}
    </li>
  );
}

interface FlowPanelProps {
  readonly flow: Flow;
  readonly options: readonly Option[];
  readonly choices: Choices;
  readonly running: boolean;
  readonly waiting: boolean;
  readonly onChange: (name: string, value: string) => void;
  readonly onRun: () => void;
  readonly onSkip: (() => void) | undefined;
}

function FlowPanel(props: FlowPanelProps) {
  const { flow, options, choices, running, waiting, onChange, onRun, onSkip } = props;
  // What the run waits for is the next thing to do then, not this.
  const primary = !(running && waiting);
  const run = (event: Event) => {
    event.preventDefault();
    onRun();
  };
  return (
    <form class="flow-panel" onSubmit={run} autocomplete="off">
      <p class="summary">{flow.summary}</p>
      {options.map((option) => (
        <OptionField
          key={option.name}
          option={option}
          value={choices[option.name] ?? option.value}
          onChange={(value) => onChange(option.name, value)}
        />
      ))}
      <button
        type="submit"
        class={`button ${primary ? "primary " : ""}run`}
        disabled={options.some(isEmpty)}
      >
        {running ? "Run again" : "Run"}
      </button>
      {onSkip && (
        <button type="button" class="button small skip" onClick={onSkip}>
          Skip to the result
        </button>
      )}
    </form>
  );
}

/** Whether there is nothing to choose from, so that nobody can play this part of the flow. */
function isEmpty({ kind, values }: Option): boolean {
  return kind === "select" && values?.length === 0;
}

/** Up and down move through the list, as in a group of radio buttons. */
function moveFocus(event: KeyboardEvent) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const titles = [...document.querySelectorAll<HTMLElement>(".flow-title")];
  const at = titles.indexOf(event.currentTarget as HTMLElement);
  if (step === undefined || at < 0) return;
  event.preventDefault();
  titles[(at + step + titles.length) % titles.length]?.focus();
}
