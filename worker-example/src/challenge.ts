// The challenge endpoint of attestation-based client authentication
// (draft-ietf-oauth-attestation-based-client-auth-08, "Challenge Retrieval").
import { configOf, type Env, issuerOf } from "./config";
import { engineOf } from "./engine-object";
import { json, sentence } from "./http";

/** Answers `/challenge` if the service has a `challengeEndpoint`. */
export async function challenge(request: Request, env: Env): Promise<Response> {
  const issuer = issuerOf(env, request);
  if (configOf(env, issuer).service.challengeEndpoint === undefined)
    return sentence(404, "The service has no challengeEndpoint.");
  const answer = await engineOf(env, issuer).attestationChallenge();
  return json(answer, 200, { "cache-control": "no-store" });
}
