// Which hosts count as loopback, where `https:` is otherwise required: tested with the vectors that
// also test the same rule in Rust.
import { equal, ok, thrown } from "../support/assert.mjs";
import { json, upstream } from "../support/upstream.mjs";
import { checkedAnswer, checkedError, tokenRequest } from "../endpoint/token-request.mjs";

export function behaviours({ pkg, fixtures }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  const { vectors } = fixtures.find(({ name }) => name === "vectors.loopback").json;
  const urls = ({ host, written = [] }) => [
    `http://${host}`,
    `http://${host}:8789/path`,
    ...written,
  ];

  return {
    "the platform's URL parser gives the hosts in the vectors": () => {
      for (const vector of vectors)
        for (const url of urls(vector)) equal(new URL(url).hostname, vector.host, url);
    },

    "Authlete is called with http: on a loopback host, under any name, and nowhere else":
      async () => {
        for (const vector of vectors) {
          for (const serverURL of urls(vector)) {
            const authlete = upstream({ action: "OK" });
            const options = { serviceId: "1", bearer: "b", fetch: authlete.fetch };
            if (vector.loopback) {
              await authToken(new AuthleteClient({ ...options, serverURL }), { parameters: "" });
              equal(new URL(authlete.calls[0].url).hostname, vector.host, serverURL);
            } else {
              const error = thrown(() => new AuthleteClient({ ...options, serverURL }));
              equal(error.code, "ERR_AUTHLETE_CONFIG", serverURL);
              ok(
                error.message.startsWith("serverURL: must be https:"),
                `${serverURL}: ${error.message}`,
              );
            }
          }
        }
      },

    "the endpoint accepts http: on a loopback host, under any name, and nowhere else": async () => {
      const authlete = new AuthleteClient({
        serviceId: "1",
        bearer: "b",
        fetch: async () => json({ action: "OK", responseContent: "{}" }),
      });
      for (const vector of vectors) {
        for (const url of urls(vector)) {
          const request = () => tokenRequest({ url });
          const response = await handleTokenRequest(request(), { authlete });
          await (vector.loopback
            ? checkedAnswer(response, 200)
            : checkedError(response, 400, "invalid_request"));
          await checkedAnswer(
            await handleTokenRequest(request(), { authlete, allowInsecureRequests: true }),
            200,
          );
        }
      }
    },
  };
}
