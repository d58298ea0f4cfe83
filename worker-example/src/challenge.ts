// The challenge endpoint of attestation-based client authentication
// (draft-ietf-oauth-attestation-based-client-auth-08, "Challenge Retrieval").
import { configOf } from "./config";
import { json, sentence } from "./http";
import type { Site } from "./site";

/** Answers `/challenge` if the service has a `challengeEndpoint`. */
export async function challenge(
  _request: Request,
  { env, issuer, backend }: Site,
): Promise<Response> {
  if (configOf(env, issuer).service.challengeEndpoint === undefined)
    return sentence(404, "The service has no challengeEndpoint.");
  return json(await backend.attestationChallenge(), 200, { "cache-control": "no-store" });
}
