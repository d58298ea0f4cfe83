// Which hosts are loopback ones, wherever `https:` is otherwise asked for: the vectors that prove
// the same rule in Rust.
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
    "hosts are as the vectors write them, once the platform has read the URL": () => {
      for (const vector of vectors)
        for (const url of urls(vector)) equal(new URL(url).hostname, vector.host, url);
    },

    "Authlete is called by http: on a loopback host, by whatever name, and nowhere else":
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

    "the endpoint is called by http: on a loopback host, by whatever name, and nowhere else":
      async () => {
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
