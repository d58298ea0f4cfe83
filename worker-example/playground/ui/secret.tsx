// Secrets stay masked until somebody asks for them: one by one, or all of them at once.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { isSecret, masked, urlPieces } from "./mask";

/** Whether all secrets of the page are shown. */
export const SecretsShown = createContext(false);

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** A secret with a button that shows it, and hides it again. */
export function Secret({ name, value, quoted = false }: NamedValue & { quoted?: boolean }) {
  const all = useContext(SecretsShown);
  const [shown, setShown] = useState(all);
  // The toggle for all has the last word over those that were pressed before.
  useEffect(() => setShown(all), [all]);
  const text = shown ? value : masked(name, value);
  return (
    <span class={shown ? "secret" : "secret masked"}>
      <code>{quoted ? `"${text}"` : text}</code>
      <button
        type="button"
        class="reveal"
        aria-label={`${shown ? "Hide" : "Show"} ${name}`}
        onClick={() => setShown(!shown)}
      >
        {shown ? "hide" : "show"}
      </button>
    </span>
  );
}

/** The value of a parameter, header or member. */
export function Value({ name, value }: NamedValue) {
  if (value === "") return <em class="empty">empty</em>;
  if (isSecret(name)) return <Secret name={name} value={value} />;
  return <code>{/^https?:\/\/[^\s]+\?/.test(value) ? <Address url={value} /> : value}</code>;
}

/** An address whose query may have secrets. */
export function Address({ url }: { url: string }) {
  return (
    <>
      {urlPieces(url).map(({ text, secret }) =>
        secret === undefined ? text : <Secret name={secret} value={text} />,
      )}
    </>
  );
}
