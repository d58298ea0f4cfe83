// The head of the page: what this is, where it runs, and the link to what is on the screen.
import { CopyButton } from "./copy";

export type Mode = "worker" | "tab";

interface HeadProps {
  readonly mode: Mode;
  /** A worker served this page: it can be switched. */
  readonly switchable: boolean;
  /** The hash of the link to the flow that is chosen. */
  readonly address: string;
  /** The hash of the link to what is on the screen. */
  readonly screen: string;
}

export function Head({ mode, switchable, address, screen }: HeadProps) {
  return (
    <header class="head">
      <div class="bar">
        <p class="brand">
          authlete-token <span>playground</span>
        </p>
        <div class="tools">
          {switchable ? (
            <>
              <span id="switch-title" class="note">
                Runs in
              </span>
              <nav class="switch" aria-labelledby="switch-title">
                <a href={`./${address}`} aria-current={mode === "worker" ? "page" : undefined}>
                  a server (Worker)
                </a>
                <a href={`?in=tab${address}`} aria-current={mode === "tab" ? "page" : undefined}>
                  this tab
                </a>
              </nav>
            </>
          ) : (
            <span class="note">Runs in this tab, without a server</span>
          )}
          <CopyButton
            label="Copy link"
            icon="link"
            instead="take the link from its address bar"
            text={() => new URL(screen, location.href).href}
          />
        </div>
      </div>
      <h1>Watch a token endpoint at work</h1>
      <p class="lead">
        An app asks the token endpoint for tokens, which it then shows to other APIs. The endpoint
        asks Authlete, a service for OAuth and OpenID Connect, what to do; the engine behind that
        checks the request, makes the tokens and stores them. Run a flow and see every step.
      </p>
    </header>
  );
}
