// A button that copies. Browsers may refuse that, which is then said.
import { useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon, LinkIcon } from "./icons";

interface CopyButtonProps {
  readonly label: string;
  /** What is copied, made when it is asked for. */
  readonly text: () => string;
  readonly icon?: "copy" | "link";
  /** What to do where the browser refuses. */
  readonly instead: string;
}

export function CopyButton({ label, text, icon = "copy", instead }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = setTimeout(() => setOutcome(undefined), 2500);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    copyText(text()).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  return (
    <span class="copy">
      <button type="button" class="button small" onClick={copy}>
        {outcome === "copied" ? <CheckIcon /> : icon === "link" ? <LinkIcon /> : <CopyIcon />}
        {outcome === "copied" ? "Copied" : label}
      </button>
      <span role="status" class={outcome === "refused" ? "copy-trouble" : "visually-hidden"}>
        {outcome === "copied" && "Copied."}
        {outcome === "refused" && `The browser does not let this page copy: ${instead}.`}
      </span>
    </span>
  );
}

/** Browsers have no clipboard for pages of insecure origins. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
