// Who does what: the four parts, for somebody who has read nothing.
import type { ComponentChildren } from "preact";
import type { Mode } from "./head";
import { ArrowIcon } from "./icons";
import { type Lane, laneTitles } from "./summary";

/** The APIs, and what the endpoint wants of each. */
const apis: readonly (readonly [path: string, purpose: string])[] = [
  ["/auth/token", "for every request: is it in order? Usually brings the tokens"],
  ["/auth/token/issue", "your code says that the password is right: tokens"],
  ["/auth/token/fail", "your code says that it is wrong: a refusal"],
  ["/idtoken/reissue", "after a refresh: a new ID token"],
];

interface PartProps {
  readonly lane: Lane;
  readonly title?: string;
  /** Its names in code and addresses. */
  readonly names: ComponentChildren;
  readonly children: ComponentChildren;
}

function Part({ lane, title = laneTitles[lane], names, children }: PartProps) {
  return (
    <li class={`part lane-${lane}`}>
      {lane !== "client" && (
        <span class="part-arrow">
          <ArrowIcon />
        </span>
      )}
      <h3 class="part-title">{title}</h3>
      {children}
      <p class="part-names">{names}</p>
    </li>
  );
}

export function Overview({ mode }: { mode: Mode }) {
  return (
    <section class="overview" aria-labelledby="overview-title">
      <h2 id="overview-title" class="overline">
        Who does what
      </h2>
      <ol class="parts">
        <Part lane="client" names="an app, a service, an MCP client">
          <p class="part-text">
            Asks for tokens. It says who it is, and shows what it has: a code, a refresh token, a
            password.
          </p>
        </Part>
        <Part
          lane="endpoint"
          names={
            <>
              <code>POST /token</code>{" "}
              <span>
                <code>handleTokenRequest</code> of this package
              </span>
            </>
          }
        >
          <p class="part-text">
            Speaks with the client. It reads the request, asks an API what to do, and does what the{" "}
            <code>action</code> in the answer says. What only you can know, such as a password, it
            asks a function of yours, a hook.
          </p>
        </Part>
        <Part lane="api" title="Four APIs" names="Authlete’s token-endpoint APIs">
          <p class="part-text">What the endpoint can ask Authlete:</p>
          <dl class="part-text apis">
            {apis.map(([path, purpose]) => (
              <div key={path}>
                <dt>
                  <code>{path}</code>
                </dt>{" "}
                <dd>{purpose}</dd>
              </div>
            ))}
          </dl>
        </Part>
        <Part lane="engine" names={<code>authlete-token/engine</code>}>
          <p class="part-text">
            What is behind the four APIs: it checks, issues and stores. Here it is embedded in{" "}
            {mode === "tab" ? "this tab" : "the worker"}; in production, it can be Authlete’s
            service.
          </p>
        </Part>
      </ol>
    </section>
  );
}
