// The answers that JavaScript gives when there is no engine, or it could not answer.

import type { EngineAnswer } from "../client.js";

/** What `src/engine/result_code.rs` says, too, when the engine could not answer a call. */
export const FAILED = "The server failed to process the request.";

/** The answer to a call that the engine could not answer, in Authlete's form. */
export function serverError(sentence: string): EngineAnswer {
  const resultCode = "A001101";
  const body = JSON.stringify({ resultCode, resultMessage: `[${resultCode}] ${sentence}` });
  return { status: 500, body };
}

export function respond({ status, body }: EngineAnswer): Response {
  return new Response(body, { status, headers: { "content-type": "application/json" } });
}

/** The answer to an OAuth client whose request the engine could not answer (RFC 6749 §5.2). */
export function endpointError(): Response {
  return Response.json(
    { error: "server_error" },
    {
      status: 500,
      headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" },
    },
  );
}
