// What the connections send by grant, and what they need for it.
import { pkce, redirectUri, scope } from "../client.mjs";

/**
 * By name: `supply(target, count)` gets what `count` connections or requests need, `form` is the
 * body of a request with one of it, and `next` is what the same connection sends after an answer;
 * without it, each request uses up what it needs.
 */
export const grants = {
  client_credentials: {
    supply: async (_target, count) => Array(count).fill(null),
    form: () => ({ scope }),
    next: () => null,
  },
  refresh_token: {
    supply: async (target, count) => {
      const codes = await supplyCodes(target, count);
      return Promise.all(
        codes.map(async (code) => {
          const form = { grant_type: "authorization_code", ...codeForm(code) };
          const answer = await fetch(`${target.origin}/token`, {
            method: "POST",
            headers: headers(target),
            body: new URLSearchParams(form).toString(),
          });
          return nextToken(await answer.json());
        }),
      );
    },
    form: (token) => ({ refresh_token: token }),
    next: nextToken,
  },
  authorization_code: { supply: supplyCodes, form: codeForm },
};

/** The headers of a token request. */
export function headers({ client }) {
  return {
    accept: "application/json",
    authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}`,
    "content-type": "application/x-www-form-urlencoded",
  };
}

async function supplyCodes({ origin, codes }, count) {
  const answer = await fetch(`${origin}${codes}count=${count}`);
  if (!answer.ok) throw new Error(`no codes: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

function codeForm(code) {
  return { code, redirect_uri: redirectUri, code_verifier: pkce.verifier };
}

function nextToken(answer) {
  if (typeof answer.refresh_token !== "string") throw new Error("no refresh token in the answer");
  return answer.refresh_token;
}
