// Who does what: the four parts, for somebody who has read nothing.
import type { ComponentChildren } from "preact";
import { ArrowIcon } from "./icons";
import { type Lane, laneTitles } from "./summary";

interface Part {
  readonly lane: Lane;
  /** Its names in code and addresses. */
  readonly names: readonly string[];
  readonly text: ComponentChildren;
}

const parts: readonly Part[] = [
  {
    lane: "client",
    names: ["an app, a service, an MCP client"],
    text: "Asks for tokens. It says who it is, and shows what it has: a code, a refresh token, a password.",
  },
  {
    lane: "endpoint",
    names: ["POST /token", "handleTokenRequest"],
    text: (
      <>
        Speaks with the client. It reads the request, asks an API what to do, and does what the{" "}
        <code>action</code> in the answer says.
      </>
    ),
  },
  {
    lane: "api",
    names: ["/auth/token", "/auth/token/issue", "/auth/token/fail", "/idtoken/reissue"],
    text: "What may be asked: judge this request, issue tokens after all, refuse after all, renew the ID token.",
  },
  {
    lane: "engine",
    names: ["authlete-token/engine"],
    text: "Checks, issues and stores. In production, Authlete’s service can answer the same four APIs.",
  },
];

export function Overview() {
  return (
    <section class="overview" aria-labelledby="overview-title">
      <h2 id="overview-title" class="overline">
        Who does what
      </h2>
      <ol class="parts">
        {parts.map(({ lane, names, text }, index) => (
          <li key={lane} class={`part lane-${lane}`}>
            {index > 0 && (
              <span class="part-arrow">
                <ArrowIcon />
              </span>
            )}
            <h3 class="part-title">{laneTitles[lane]}</h3>
            <p class="part-text">{text}</p>
            <p class="part-names">
              {names.map((name) => (lane === "client" ? name : <code key={name}>{name}</code>))}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
