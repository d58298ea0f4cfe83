// The head of the page: what this is, where it runs, and the link to what is on the screen.
import { CopyButton } from "./copy";

export type Mode = "worker" | "tab";

interface HeadProps {
  readonly mode: Mode;
  /** A worker served this page: it can be switched. */
  readonly switchable: boolean;
  /** The hash of the link to what is on the screen. */
  readonly hash: string;
}

export function Head({ mode, switchable, hash }: HeadProps) {
  return (
    <header class="head">
      <div class="bar">
        <p class="brand">
          authlete-token <span>playground</span>
        </p>
        <div class="tools">
          {switchable ? (
            <nav class="switch" aria-label="Where it runs">
              <a href={`./${hash}`} aria-current={mode === "worker" ? "page" : undefined}>
                Worker
              </a>
              <a href={`?in=tab${hash}`} aria-current={mode === "tab" ? "page" : undefined}>
                This tab
              </a>
            </nav>
          ) : (
            <span class="note">Runs in this tab, without a server</span>
          )}
          <CopyButton
            label="Copy link"
            icon="link"
            instead="take the link from its address bar"
            text={() => new URL(hash, location.href).href}
          />
        </div>
      </div>
      <h1>Watch a token endpoint at work</h1>
      <p class="lead">
        A client asks the token endpoint for tokens; the endpoint asks one of Authlete’s four APIs
        what to do; the engine behind them checks, and issues. Run a flow and see every request,
        check and answer.
      </p>
    </header>
  );
}
