// The part of the address after `#`: which flow is on the screen, what was chosen for it, and
// whether it has run. Never a secret.
import type { Choices, Flow, Option, Setup } from "../model";

/** What the address asks for. */
export interface Linked {
  readonly flow: Flow;
  /** What it chooses; the rest is left to the flow. */
  readonly choices: Choices;
  readonly run: boolean;
  /** What could not be followed, in a sentence. */
  readonly trouble?: string;
}

/**
 * The options of a flow with what was chosen for each: a value that an option does not offer, for
 * example since another client was chosen, gives way to the option's own.
 */
export function resolved(
  flow: Flow,
  setup: Setup,
  chosen: Choices,
): { readonly options: readonly Option[]; readonly choices: Choices } {
  let choices = chosen;
  let options = flow.options(setup, choices);
  // Options depend on choices, and choices on options: the second round sees the first's values,
  // the third those of options that appeared with them.
  for (let round = 0; round < 3; round++) {
    choices = Object.fromEntries(
      options.map((option) => {
        const value = chosen[option.name];
        return [option.name, value !== undefined && fits(option, value) ? value : option.value];
      }),
    );
    options = flow.options(setup, choices);
  }
  return { options, choices };
}

function fits({ kind, values = [] }: Option, value: string): boolean {
  if (kind === "select") return values.some((offered) => offered.value === value);
  return kind !== "checkbox" || value === "yes" || value === "";
}

/** What was chosen for the secrets of a flow. */
export function secretsOf(flow: Flow, setup: Setup, chosen: Choices): Choices {
  const secrets = flow.options(setup, chosen).filter(({ kind }) => kind === "secret");
  return Object.fromEntries(
    secrets.flatMap(({ name }) => {
      const value = chosen[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The hash of a link to that flow: only what differs from the options' own values. */
export function hashOf(
  flow: Flow,
  options: readonly Option[],
  choices: Choices,
  run: boolean,
): string {
  const parameters = new URLSearchParams({ flow: flow.id });
  for (const { name, kind, value } of options) {
    const choice = choices[name];
    if (kind !== "secret" && choice !== undefined && choice !== value) parameters.set(name, choice);
  }
  return `#${parameters}${run ? "&run" : ""}`;
}

/** Reads such a hash; undefined if it is empty. */
export function readHash(
  hash: string,
  flows: readonly Flow[],
  setup: Setup,
): Linked | { readonly trouble: string } | undefined {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const id = parameters.get("flow");
  if (id === null)
    return hash.replace(/^#/, "") === ""
      ? undefined
      : { trouble: "What the link has after # names no flow: it was ignored." };
  const flow = flows.find((candidate) => candidate.id === id);
  if (flow === undefined)
    return { trouble: `The link names a flow that is not here: “${short(id)}”.` };
  const run = parameters.has("run");
  parameters.delete("flow");
  parameters.delete("run");
  const { options, choices } = resolved(flow, setup, Object.fromEntries(parameters));
  const secrets = options.filter(({ kind }) => kind === "secret").map(({ name }) => name);
  const isTaken = ([name, value]: [string, string]) =>
    choices[name] === value && !secrets.includes(name);
  const ignored = [...parameters].filter((parameter) => !isTaken(parameter));
  return {
    flow,
    choices: Object.fromEntries([...parameters].filter(isTaken)),
    run,
    ...(ignored.length > 0 && {
      trouble: ignoredText(
        ignored.map(([name]) => name),
        secrets,
      ),
    }),
  };
}

/** A value may be a secret that does not belong into a link: only names are repeated. */
function ignoredText(names: readonly string[], secrets: readonly string[]): string {
  const said = names
    .slice(0, 5)
    .map((name) => short(name) + (secrets.includes(name) ? " (links have no secrets)" : ""));
  const more = names.length > said.length ? `, and ${names.length - said.length} more` : "";
  return `Ignored in the link: ${said.join(", ")}${more}.`;
}

/** Whatever a link holds, the sentence stays one. */
function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
