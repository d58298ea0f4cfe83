// More calls at once than one WebAssembly instance takes.
import { deepEqual } from "../support/assert.mjs";
import { json, pause } from "../support/upstream.mjs";

const COUNT = 500;

export function behaviours({ pkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  const echo = async (_url, init) => {
    const { parameters } = JSON.parse(init.body);
    await pause(Number(/\d+/.exec(parameters)[0]) % 7);
    return json({ action: "OK", subject: parameters, responseContent: JSON.stringify({ echo: parameters }) });
  };
  const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: echo });
  const all = Array.from({ length: COUNT }, (_, index) => `n=${index}`);

  return {
    "five hundred calls at once get their own answers": async () => {
      const answers = await Promise.all(all.map((parameters) => authToken(authlete, { parameters })));
      deepEqual(
        answers.map(({ subject }) => subject),
        all,
        "subjects",
      );
    },

    "five hundred token requests at once get their own answers": async () => {
      const answers = await Promise.all(
        all.map(async (body) => {
          const headers = { "content-type": "application/x-www-form-urlencoded" };
          const request = new Request("https://as.example/token", { method: "POST", headers, body });
          return (await (await handleTokenRequest(request, { authlete })).json()).echo;
        }),
      );
      deepEqual(answers, all, "bodies");
    },
  };
}
