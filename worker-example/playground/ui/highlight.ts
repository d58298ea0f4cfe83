// Colours for TypeScript and shell commands: comments, strings and keywords, no more.

export type Token = readonly [kind: "comment" | "string" | "keyword" | "", text: string];

const typescript =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\b(as|async|await|break|case|catch|class|const|default|else|export|extends|for|from|function|if|import|in|interface|let|new|of|return|switch|throw|try|type|typeof|undefined|while|null|true|false)\b/g;
const shell = /((?:^|\s)#[^\n]*)|('(?:[^'])*')|(?<=^|\s)(curl|-{1,2}[a-zA-Z][\w-]*)(?=\s|$)/g;

/** The text in pieces, which together are the text. */
export function highlight(text: string, language: "typescript" | "shell"): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(language === "shell" ? shell : typescript)) {
    if (match.index > end) tokens.push(["", text.slice(end, match.index)]);
    const [all, comment, string] = match;
    tokens.push([comment ? "comment" : string ? "string" : "keyword", all]);
    end = match.index + all.length;
  }
  if (end < text.length) tokens.push(["", text.slice(end)]);
  return tokens;
}
