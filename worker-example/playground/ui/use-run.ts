// The run that the page shows. A new one stops the one before.
import { useCallback, useRef, useState } from "preact/hooks";
import type { Choices, Flow, Place, RunState } from "../model";
import { startRun } from "../run";

export interface ShownRun {
  readonly flow: Flow;
  /** The hash of the link to it. */
  readonly hash: string;
  readonly state: RunState;
  /** The user has stopped it. */
  readonly stopped: boolean;
  /** The title of the flow that was still running, and was stopped by this run. */
  readonly replaced?: string;
}

/** Whether it goes on. */
export function isActive({ state, stopped }: ShownRun): boolean {
  return !stopped && (state.status === "running" || state.status === "waiting");
}

export function useRun() {
  const [shown, setShown] = useState<ShownRun>();
  const running = useRef<{ stop(): void } | undefined>(undefined);

  const start = useCallback((flow: Flow, choices: Choices, place: Place, hash: string) => {
    running.current?.stop();
    setShown((before) => ({
      flow,
      hash,
      state: { status: "running", steps: [] },
      stopped: false,
      ...(before !== undefined && isActive(before) && { replaced: before.flow.title }),
    }));
    running.current = startRun(flow, choices, place, (state) =>
      setShown((current) => current && { ...current, state }),
    );
  }, []);

  const stop = useCallback(() => {
    running.current?.stop();
    setShown((current) => current && { ...current, stopped: true });
  }, []);

  return { shown, start, stop };
}
