// Contenders that answer one token request: a `Request` comes in, and the client's `Response` goes
// out.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { checkAlike } from "./alike.mjs";
import { answers } from "./answers.mjs";
import { bare, careful } from "./endpoint-minimal.mjs";
import { guarded } from "./endpoint-guarded.mjs";
import { request, service, stub, watched } from "./exchange.mjs";

const encoded = (text) => encodeURIComponent(text).replaceAll("%20", "+");
const headers = {
  host: "as.example.com",
  "user-agent": "shop/4.2",
  accept: "application/json",
  "content-type": "application/x-www-form-urlencoded",
  "content-length": String(request.parameters.length),
  authorization: `Basic ${btoa(`${encoded(request.clientId)}:${encoded(request.clientSecret)}`)}`,
};

/** The token request as a server gets it. */
const incoming = () =>
  new Request("https://as.example.com/token", {
    method: "POST",
    headers,
    body: request.parameters,
  });

function ours(fetch) {
  const options = { authlete: new AuthleteClient({ ...service, fetch }) };
  return (incoming) => handleTokenRequest(incoming, options);
}

/** A contender: `over(fetch)` makes its endpoint. */
function contender(label, over, answer, status) {
  return {
    label,
    make: () => {
      const endpoint = over(stub(answer));
      return () => endpoint(incoming());
    },
    check: async () => {
      const { fetch, settle } = watched(answer);
      await checkResponse(await over(fetch)(incoming()), answer, status);
      await settle();
      // The careful contenders send a challenge with a 401.
      const { text } = answers.refused;
      const invalid = {
        ...answers.refused,
        text: text.replace('"BAD_REQUEST"', '"INVALID_CLIENT"'),
        bytes: text.length + 3,
      };
      const response = await over(stub(invalid))(incoming());
      if (over !== bare && response.headers.get("www-authenticate") !== 'Basic realm="token"')
        throw new Error("401 without a challenge");
      await checkResponse(response, answers.refused, 401);
      if (over === guarded) await checkAlike(over);
    },
  };
}

async function checkResponse(response, answer, status) {
  if (response.status !== status) throw new Error(`the answer has the status ${response.status}`);
  const expected = {
    "content-type": "application/json",
    "cache-control": "no-store",
    pragma: "no-cache",
  };
  for (const [name, value] of Object.entries(expected)) {
    if (response.headers.get(name) !== value)
      throw new Error(`the answer has the ${name} ${response.headers.get(name)}`);
  }
  if ((await response.text()) !== answer.value.responseContent)
    throw new Error("the answer has another body");
}

/** By name, over one answer of Authlete and the status that follows from it. */
export const endpoints = (answer, status) => ({
  incoming: {
    label: "the incoming Request alone",
    make: () => async () => incoming(),
    check: async () => {},
  },
  bare: contender("by hand, no checks", bare, answer, status),
  careful: contender("by hand, few checks", careful, answer, status),
  guarded: contender("by hand, the guarantees of authlete-token", guarded, answer, status),
  ours: contender("handleTokenRequest", ours, answer, status),
});
