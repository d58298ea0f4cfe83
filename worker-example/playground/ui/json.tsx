// JSON for people: indented, in colours, with masked secrets. Texts that hold a form or JSON
// themselves, as the APIs have them, are shown as what they are.
import { parsedJson } from "../json-text";
import { isSecret, parametersOf } from "./mask";
import { Secret } from "./secret";

/** Members of the APIs that hold a request or an answer as text. */
const forms = new Set(["parameters"]);
const texts = new Set(["responseContent"]);

export function Json({ title, value }: { title: string; value: unknown }) {
  return (
    <div class="block">
      <h4>{title}</h4>
      <pre class="json">
        <Node name="" value={value} indent="" />
      </pre>
    </div>
  );
}

interface NodeProps {
  readonly name: string;
  readonly value: unknown;
  readonly indent: string;
}

function Node({ name, value, indent }: NodeProps) {
  if (typeof value === "string") return <Text name={name} value={value} indent={indent} />;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => [String(index), item] as const);
    return <Members brackets="[]" items={items} named={false} indent={indent} parent={name} />;
  }
  if (typeof value === "object" && value !== null)
    return (
      <Members brackets="{}" items={Object.entries(value)} named indent={indent} parent={name} />
    );
  return <span class="json-atom">{String(value)}</span>;
}

interface MembersProps {
  readonly brackets: string;
  readonly items: readonly (readonly [string, unknown])[];
  readonly named: boolean;
  readonly indent: string;
  readonly parent: string;
}

function Members({ brackets, items, named, indent, parent }: MembersProps) {
  if (items.length === 0) return <>{brackets}</>;
  const inner = `${indent}  `;
  return (
    <>
      {brackets[0]}
      {items.map(([name, value], index) => (
        <>
          {`\n${inner}`}
          {named && <span class="json-name">{JSON.stringify(name)}</span>}
          {named && ": "}
          <Node name={named ? name : parent} value={value} indent={inner} />
          {index < items.length - 1 && !forms.has(name) && ","}
        </>
      ))}
      {`\n${indent}${brackets[1]}`}
    </>
  );
}

function Text({ name, value, indent }: { name: string; value: string; indent: string }) {
  if (isSecret(name) && value !== "") return <Secret name={name} value={value} quoted />;
  if (forms.has(name) && value !== "") return <Form text={value} indent={indent} />;
  const content = texts.has(name) ? parsedJson(value) : undefined;
  if (content === undefined) return <span class="json-text">{JSON.stringify(value)}</span>;
  return (
    <>
      <span class="json-aside">text: </span>
      <Node name="" value={content} indent={indent} />
    </>
  );
}

/** One parameter per line. */
function Form({ text, indent }: { text: string; indent: string }) {
  return (
    <>
      <span class="json-aside">form:</span>
      {parametersOf(text).map(([name, value]) => (
        <>
          {`\n${indent}  `}
          <span class="json-name">{name}</span>=
          {isSecret(name) && value !== "" ? (
            <Secret name={name} value={value} />
          ) : (
            <span class="json-text">{value}</span>
          )}
        </>
      ))}
    </>
  );
}
