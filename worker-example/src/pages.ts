// HTML without a framework: a template tag that escapes, and the one page layout with its style and
// its security headers.

/** Text that is already HTML. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | readonly Html[] | undefined;

/** A template tag: every value is escaped unless it is `Html`. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, part, index) => text + rendered(values[index - 1]) + part));
}

/**
 * Text that may break after each underscore: a narrow screen has no room for `client_secret_basic`
 * next to another column.
 */
export function breakable(text: string): Html {
  return new Html(rendered(text).replaceAll("_", "_<wbr>"));
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
}

/** A finished page. It loads nothing, runs no script and can't be framed. */
export function page(
  title: string,
  body: Html,
  { status = 200, cookies = [], goOn }: PageOptions = {},
): Response {
  const nonce = crypto.randomUUID();
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${
  // Everything after `url=` is the address, whatever characters it has, since it begins with a
  // scheme and not with a quote (HTML, shared declarative refresh).
  goOn === undefined
    ? undefined
    : html`<meta http-equiv="refresh" content="0;url=${goOn}">
`
}<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    // Not `no-referrer` on a page with a form: browsers would then send `Origin: null` with it.
    "referrer-policy": goOn === undefined ? "same-origin" : "no-referrer",
    "cache-control": "no-store",
  });
  for (const value of cookies) headers.append("set-cookie", value);
  return new Response(text, { status, headers });
}

const style = `
:root { color-scheme: light dark; --line: #8884; --accent: #0b5cad; --soft: #8881; }
@media (prefers-color-scheme: dark) { :root { --accent: #7ab8f5; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
a { color: var(--accent); }
code, pre { font: .86rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: .5rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--soft);
  white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
table.values code { overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
@media (max-width: 24rem) { table { font-size: .82rem; } td code { overflow-wrap: anywhere; } }
form { margin: 1rem 0; }
label { display: block; margin: .9rem 0 .25rem; font-weight: 600; }
input { width: 100%; max-width: 24rem; padding: .55rem .7rem; font: inherit; border: 1px solid #888; border-radius: 8px; background: transparent; color: inherit; }
button, .button { display: inline-block; margin: 1.1rem .6rem 0 0; padding: .55rem 1.1rem; font: inherit; font-weight: 600; border: 1px solid var(--accent);
  border-radius: 8px; background: var(--accent); color: Canvas; cursor: pointer; text-decoration: none; }
button.quiet { background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.error { padding: .6rem 1rem; border-left: 4px solid #c62828; background: #c6282818; }
.hint { opacity: .8; }
`;
