// A recorded request as a command of curl. What it sends is what was sent, byte for byte.
import { formEncoded, shellCommand } from "../../src/notations";
import type { Exchange } from "../model";
import { isSecret, masked, urlPieces } from "./mask";

type SentRequest = Exchange["request"];

/**
 * The command, one argument with its value per line. It contains the request's secrets, unless
 * `hidden` has them masked.
 */
export function curlCommand(
  { method, url, headers, body }: SentRequest,
  { hidden = false } = {},
): string {
  const shown = (name: string, value: string) =>
    hidden && isSecret(name) ? masked(name, value) : value;
  // Answers end without a line break: what comes next would follow on their last line.
  const lines = [shellCommand("curl", "-i", "-w", "\\n")];
  // curl expands brackets and braces in addresses.
  if (/[[\]{}]/.test(url)) lines.push("-g");
  if (method !== (body === "" ? "GET" : "POST")) lines.push(shellCommand("-X", method));
  const address = urlPieces(url).map(({ text, secret }) => (secret ? shown(secret, text) : text));
  lines.push(shellCommand(address.join("")));

  for (const [name, value] of headers) {
    const credentials = /^authorization$/i.test(name) ? basicCredentialsOf(value) : undefined;
    // curl says by itself that a body is a form.
    const implied = /^content-type$/i.test(name) && body !== "" && isFormType(value);
    if (/^playground-trace$/i.test(name) || implied) continue;
    if (credentials !== undefined) {
      const [id, secret] = credentials;
      lines.push(shellCommand("-u", `${id}:${shown("client_secret", secret)}`));
      continue;
    }
    // `Name:` would remove the header; a semicolon sends it empty.
    lines.push(shellCommand("-H", value === "" ? `${name};` : `${name}: ${shown(name, value)}`));
  }

  if (body !== "") lines.push(...bodyArguments(body, isForm(headers), shown));
  return lines.join(" \\\n  ");
}

function isForm(headers: SentRequest["headers"]): boolean {
  return headers.some(([name, value]) => /^content-type$/i.test(name) && isFormType(value));
}

/** With a charset, as `fetch` adds it, it is the same to every token endpoint. */
function isFormType(value: string): boolean {
  return /^application\/x-www-form-urlencoded(;\s*charset=utf-8)?$/i.test(value);
}

/** One `-d` for each parameter: curl joins them with `&` again. */
function bodyArguments(
  body: string,
  form: boolean,
  shown: (name: string, value: string) => string,
): string[] {
  const parameters = body.split("&");
  // curl reads a file for `-d @…`, and joins nothing to an empty one.
  if (!form || parameters.some((parameter) => parameter === "" || parameter.startsWith("@")))
    return [shellCommand("--data-raw", body)];
  return parameters.map((parameter) => {
    const [[name, value] = ["", ""]] = new URLSearchParams(parameter);
    const text = shown(name, value);
    return shellCommand("-d", text === value ? parameter : `${formEncoded(name)}=${text}`);
  });
}

/** ID and secret, if curl makes the same header of them. */
function basicCredentialsOf(value: string): [id: string, secret: string] | undefined {
  const encoded = /^Basic (.+)$/.exec(value)?.[1];
  if (encoded === undefined) return undefined;
  try {
    const text = atob(encoded);
    const [, id, secret] = /^([ -9;-~]*):([ -~]*)$/.exec(text) ?? [];
    if (id === undefined || secret === undefined || btoa(text) !== encoded) return undefined;
    return [id, secret];
  } catch {
    return undefined;
  }
}

/** Names of what works only once. */
const singleUse: Readonly<Record<string, string>> = {
  dpop: "the DPoP proof",
  client_assertion: "the client assertion",
  "oauth-client-attestation-pop": "the proof of the attestation",
  code: "the code",
};

/** What the server takes only once, and therefore refuses in a repetition of the request. */
export function singleUseOf({ headers, body }: SentRequest): string[] {
  const names = [
    ...headers.map(([name]) => name.toLowerCase()),
    ...new URLSearchParams(body).keys(),
  ];
  return [...new Set(names)].flatMap((name) => singleUse[name] ?? []);
}
