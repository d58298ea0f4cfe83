// An authorization request as the browser sends it, and what the login page adds to it. The engine
// checks it.
import { formTokenField } from "./csrf";
import { readForm } from "./http";

/** The fields that the login page has beside the request. */
const ownFields = ["username", "password", "decision", formTokenField];

export interface SentRequest {
  /** The parameters of the authorization request. */
  readonly parameters: URLSearchParams;
  /** The submitted form, if it is the login page's with the user's decision. */
  readonly decided: URLSearchParams | undefined;
}

/**
 * Reads a request of `/authorize`: GET and POST start one (OpenID Connect Core §3.1.2.1), a POST
 * with a decision ends it. Null if the body is not a form or is too long.
 */
export async function readRequest(request: Request): Promise<SentRequest | null> {
  const form = request.method === "POST" ? await readForm(request) : null;
  if (request.method === "POST" && form === null) return null;
  const parameters = new URLSearchParams(form ?? new URL(request.url).searchParams);
  for (const name of ownFields) parameters.delete(name);
  return { parameters, decided: form?.has("decision") ? form : undefined };
}
