// Tokens, proofs and assertions of a request or an answer: JWTs decoded claim by claim.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { claims as explanations } from "../explain/claims";
import { Facts } from "./facts";
import { decodeJwt, type Jwt, relativeTime, timeOf } from "./jwt";
import { Value } from "./secret";

/** What may be a token, by the name of its parameter, header or member. */
const titles: Readonly<Record<string, string>> = {
  access_token: "Access token",
  refresh_token: "Refresh token",
  id_token: "ID token",
  token: "Token",
  dpop: "DPoP proof",
  client_assertion: "Client assertion",
  assertion: "Assertion",
  subject_token: "Subject token",
  id_token_hint: "ID token hint",
  "oauth-client-attestation": "Client attestation",
  "oauth-client-attestation-pop": "Proof of the attestation's key",
};

/** The tokens among named values. */
export function Tokens({ values }: { values: readonly (readonly [string, string])[] }) {
  return (
    <>
      {values.map(([name, value]) => {
        const title = titles[name.toLowerCase()];
        return title === undefined || value === "" ? null : (
          <Token key={name} title={title} name={name} value={value} />
        );
      })}
    </>
  );
}

function Token({ title, name, value }: { title: string; name: string; value: string }) {
  const jwt = decodeJwt(value);
  if (jwt === undefined)
    return (
      <p class="token opaque">
        <strong>{title}</strong> <Value name={name} value={value} />{" "}
        <span class="note">Opaque: only the server that issued it knows what it stands for.</span>
      </p>
    );
  return (
    <details class="token">
      <summary>
        <span>
          <strong>{title}</strong>{" "}
          <span class="note">JWT signed with {String(jwt.header.alg)}, decoded</span>
        </span>
      </summary>
      <Claims jwt={jwt} />
    </details>
  );
}

function Claims({ jwt }: { jwt: Jwt }) {
  const now = useNow();
  const factsOf = (members: Jwt["claims"]) =>
    Object.entries(members).map(([name, value]) => ({
      name,
      value: claimValue(name, value, now),
      note: explanations[name],
    }));
  return (
    <div class="row-body">
      <Facts title="Header" facts={factsOf(jwt.header)} />
      <Facts title="Claims" facts={factsOf(jwt.claims)} />
    </div>
  );
}

function claimValue(name: string, value: unknown, now: Date): ComponentChildren {
  const time = timeOf(name, value);
  const text = typeof value === "string" ? value : compact(value);
  if (time === undefined) return <code>{text}</code>;
  return (
    <>
      <code>{text}</code>{" "}
      <time dateTime={time.toISOString()}>
        {time.toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" })} (
        {relativeTime(time, now)})
      </time>
    </>
  );
}

/** JSON on one line if it is short. */
function compact(value: unknown): string {
  const line = JSON.stringify(value);
  return line.length > 60 ? JSON.stringify(value, null, 2) : line;
}

/** The time, for words such as "in 5 minutes", which are true for some seconds. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
