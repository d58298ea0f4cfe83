// One option of a flow.
import { useId } from "preact/hooks";
import type { Option } from "../model";

interface OptionFieldProps {
  readonly option: Option;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function OptionField({ option, value, onChange }: OptionFieldProps) {
  const { label, hint, kind, name } = option;
  const id = useId();
  const hintId = useId();
  const shared = { id, name, "aria-describedby": hint === undefined ? undefined : hintId };
  const typed = (event: Event) => onChange((event.currentTarget as HTMLInputElement).value);
  return (
    <div class={kind === "checkbox" ? "field checkbox" : "field"}>
      {kind === "checkbox" && (
        <input
          {...shared}
          type="checkbox"
          checked={value === "yes"}
          onChange={(event) => onChange(event.currentTarget.checked ? "yes" : "")}
        />
      )}
      <label for={id}>{label}</label>
      {kind === "select" && (
        <select {...shared} value={value} onChange={typed} disabled={option.values?.length === 0}>
          {option.values?.map((offered) => (
            <option key={offered.value} value={offered.value}>
              {offered.label}
            </option>
          ))}
        </select>
      )}
      {kind === "text" && (
        <input
          {...shared}
          type="text"
          value={value}
          onInput={typed}
          autocapitalize="none"
          spellcheck={false}
        />
      )}
      {kind === "secret" && (
        <input {...shared} type="password" value={value} onInput={typed} autocomplete="off" />
      )}
      {hint !== undefined && (
        <p id={hintId} class={`note fine ${kind === "checkbox" ? "checkbox-hint" : ""}`}>
          {hint}
        </p>
      )}
    </div>
  );
}
