// Names with their values, and a sentence about each that has one.
import type { ComponentChildren } from "preact";
import { Value } from "./secret";

export interface Fact {
  readonly name: string;
  readonly value: ComponentChildren;
  /** Explains the name. */
  readonly note?: string | undefined;
}

export function Facts({ title, facts }: { title: string; facts: readonly Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <div class="block">
      <h4>{title}</h4>
      <dl class="facts">
        {facts.map(({ name, value, note }, index) => (
          <div key={`${index} ${name}`}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              {value}
              {note !== undefined && <p class="note fine">{note}</p>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

type Pairs = readonly (readonly [name: string, value: string])[];
type Notes = Readonly<Record<string, string>>;

/** Parameters or headers with their explanations; secrets are masked. */
export function factsOf(pairs: Pairs, notes: Notes): Fact[] {
  return pairs.map(([name, value]) => ({
    name,
    value: <Value name={name} value={value} />,
    note: notes[name] ?? notes[name.toLowerCase()],
  }));
}
