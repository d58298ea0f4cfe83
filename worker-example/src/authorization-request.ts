// An authorization request as the browser sends it, and what the login page adds to it. The engine
// checks it.
import { formTokenField } from "./csrf";
import { readFormText } from "./http";

/** The fields that the login page has beside the request. */
const ownFields = ["username", "password", "decision", formTokenField];

export interface SentRequest {
  /** The authorization request as it was sent: decoding it could lose what is wrong with it. */
  readonly text: string;
  /** Its parameters. */
  readonly parameters: URLSearchParams;
  /** The submitted form, if it is the login page's with the user's decision. */
  readonly decided: URLSearchParams | undefined;
}

/**
 * Reads a request of `/authorize`: GET and POST start one (OpenID Connect Core §3.1.2.1), a POST
 * with a decision ends it. Null if the body is not a form in UTF-8, or is too long.
 */
export async function readRequest(request: Request): Promise<SentRequest | null> {
  const text =
    request.method === "POST" ? await readFormText(request) : new URL(request.url).search.slice(1);
  if (text === null) return null;
  const form = new URLSearchParams(text);
  const parameters = new URLSearchParams(form);
  for (const name of ownFields) parameters.delete(name);
  const decided = request.method === "POST" && form.has("decision");
  return { text, parameters, decided: decided ? form : undefined };
}
