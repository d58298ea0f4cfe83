// HTML without a framework: a template tag that escapes, the one page layout, and the
// headers that protect pages.

/** Text that is already HTML. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | readonly Html[] | undefined;

/** A template tag: every value is escaped unless it is `Html`. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, part, index) => text + rendered(values[index - 1]) + part));
}

function rendered(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map((part) => part.text).join("");
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

interface PageOptions {
  readonly status?: number;
  readonly cookies?: readonly string[];
  /** The address to which the page goes without a click, and without a referrer. */
  readonly goOn?: string;
  /** For a page with one thing to read or to do. */
  readonly card?: boolean;
}

/** A finished page. It loads the style next to it, runs no script and can't be framed. */
export function page(
  title: string,
  body: Html,
  { status = 200, cookies = [], goOn, card = false }: PageOptions = {},
): Response {
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${
  // Everything after `url=` is the address, whatever characters it has, since it begins with a
  // scheme and not with a quote (HTML, shared declarative refresh).
  goOn === undefined
    ? undefined
    : html`<meta http-equiv="refresh" content="0;url=${goOn}">
`
}<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
</head>
<body>
<main class="page${card ? " card" : ""}">
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    // Not `no-referrer` on a page with a form: browsers would then send `Origin: null` with it.
    "referrer-policy": goOn === undefined ? "same-origin" : "no-referrer",
    ...guarded("default-src 'none'; style-src 'self'; img-src data:; form-action 'self'"),
  });
  for (const value of cookies) headers.append("set-cookie", value);
  return new Response(text, { status, headers });
}

/** A page of the playground, which runs its own scripts and WebAssembly. */
export function scriptedPage(file: Response): Response {
  const policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'";
  const answer = withoutSniffing(file);
  for (const [name, value] of Object.entries(guarded(policy))) answer.headers.set(name, value);
  answer.headers.set("referrer-policy", "no-referrer");
  return answer;
}

/** A file that only pages of this server may load, as what it is. */
export function withoutSniffing(file: Response): Response {
  const answer = new Response(file.body, file);
  answer.headers.set("x-content-type-options", "nosniff");
  answer.headers.set("cross-origin-resource-policy", "same-origin");
  return answer;
}

/** The headers of every page; none may be framed. */
function guarded(policy: string): Record<string, string> {
  return {
    "content-security-policy": `${policy}; base-uri 'none'; frame-ancestors 'none'`,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
}
