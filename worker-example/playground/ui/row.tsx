// One line of a step: who does what, and behind it, what exactly.
import { type ComponentChildren, Fragment } from "preact";
import { type Lane, millisecondsText } from "./summary";

interface RowProps {
  readonly lane: Lane;
  /** Who does it. */
  readonly who: string;
  readonly summary: ComponentChildren;
  readonly durationMs?: number | undefined;
  /** What the duration is of, if not of what this line says. */
  readonly durationOf?: string;
  readonly open?: boolean;
  /** What is behind the line. */
  readonly children?: ComponentChildren;
}

export function Row(props: RowProps) {
  const { lane, who, summary, durationMs, durationOf = "", open = false, children } = props;
  const line = (
    <>
      <span class="who">{who}</span> <span class="what">{summary}</span>{" "}
      {durationMs !== undefined && durationMs >= 0.05 && (
        <span class="duration">{`${millisecondsText(durationMs)} ${durationOf}`.trim()}</span>
      )}
    </>
  );
  return (
    <li class={`row lane-${lane}`}>
      <span class="lanes" aria-hidden="true" />
      {children ? (
        <details open={open}>
          <summary>{line}</summary>
          <div class="row-body">{children}</div>
        </details>
      ) : (
        <div class="line">{line}</div>
      )}
    </li>
  );
}

/** What a request brings, in short; apart also for those who hear it. */
export function Chips({ texts }: { texts: readonly string[] }) {
  return (
    <>
      {texts.map((text) => (
        <Fragment key={text}>
          {" "}
          <span class="chip">{text}</span>
        </Fragment>
      ))}
    </>
  );
}
