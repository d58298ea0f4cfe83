// What is said if the place where requests go can't be opened.
import type { Mode } from "./head";
import { CrossIcon } from "./icons";

interface OpeningFailedProps {
  readonly mode: Mode;
  /** Empty if nobody knows more than that there was no answer. */
  readonly reason: string;
  readonly onRetry: () => void;
}

export function OpeningFailed({ mode, reason, onRetry }: OpeningFailedProps) {
  const unreachable = reason === "";
  return (
    <div class="error" role="alert">
      <CrossIcon />
      <div>
        <strong>
          {!unreachable
            ? "The playground could not start."
            : mode === "worker"
              ? "The worker did not answer."
              : "The engine could not be loaded."}
        </strong>{" "}
        {!unreachable ? (
          reason
        ) : mode === "worker" ? (
          <>
            Is <code>npm start</code> still running?
          </>
        ) : (
          "Check the connection, then try again."
        )}
        <p>
          {/* Browsers don't load a script again that they could not load. */}
          <button
            type="button"
            class="button"
            onClick={mode === "worker" ? onRetry : () => location.reload()}
          >
            Try again
          </button>
        </p>
      </div>
    </div>
  );
}
