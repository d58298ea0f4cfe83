// Names with their values, and a sentence about each that has one.
import type { ComponentChildren } from "preact";

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
