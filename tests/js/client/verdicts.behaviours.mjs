// Rust and JavaScript must accept and refuse the same: tested with the vectors that also test the
// Rust side (`tests/native/api/verdicts.rs`).
import { deepEqual, equal, ok, rejection, thrown } from "../support/assert.mjs";
import { json, upstream } from "../support/upstream.mjs";
import { withoutNulls } from "./operations.behaviours.mjs";

const requests = {
  authToken: { parameters: "" },
  authTokenFail: { ticket: "", reason: "UNKNOWN" },
  authTokenIssue: { ticket: "", subject: "" },
  idtokenReissue: { accessToken: "", refreshToken: "" },
};

export function behaviours({ pkg, fixtures }) {
  const { AuthleteClient } = pkg;
  const vectors = (name) => fixtures.find((fixture) => fixture.name === name).json;
  const answered = (operation, response) =>
    pkg[operation](
      new AuthleteClient({ serviceId: "1", bearer: "b", fetch: async () => response }),
      requests[operation],
    );

  return {
    "an answer is refused only if nobody could act on it, and nothing of it is lost": async () => {
      for (const { body, nested = 0, contentType, problem, answer } of vectors("vectors.answers")
        .vectors) {
        const text = body.replace("@", "[".repeat(nested) + "]".repeat(nested));
        const response = json(
          text,
          contentType === undefined ? {} : { headers: { "content-type": contentType } },
        );
        if (problem !== null) {
          const error = await rejection(answered("authToken", response));
          equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", text);
          equal(error.message, `authToken: the answer ${problem}`, `${text} ${contentType}`);
          continue;
        }
        const found = await answered("authToken", response);
        if (answer !== undefined) deepEqual(JSON.parse(JSON.stringify(found)), answer, text);
      }
    },

    "a member of another type than documented is passed on unchanged": async () => {
      const { members, values, decisive } = vectors("vectors.answers");
      for (const [operation, names] of Object.entries(members)) {
        for (const name of names) {
          for (const value of values) {
            const body = { action: "OK", [name]: value };
            const refused =
              decisive.includes(name) &&
              typeof value !== "string" &&
              (value !== null || name === "action");
            if (refused)
              equal(
                (await rejection(answered(operation, json(body)))).code,
                "ERR_AUTHLETE_RESPONSE_INVALID",
                JSON.stringify(body),
              );
            else
              deepEqual(
                await answered(operation, json(body)),
                value === null ? { action: "OK" } : body,
                JSON.stringify(body),
              );
          }
        }
      }
    },

    "services are accepted and refused as in the vectors": async () => {
      for (const { base, ...options } of vectors("vectors.services").vectors) {
        const authlete = upstream({ action: "OK" });
        const make = () => new AuthleteClient({ ...options, fetch: authlete.fetch });
        if (base === null) {
          equal(thrown(make, JSON.stringify(options)).code, "ERR_AUTHLETE_CONFIG", "code");
          continue;
        }
        await pkg.authToken(make(), requests.authToken);
        equal(authlete.calls[0].url, `${base}/auth/token`, JSON.stringify(options));
      }
    },

    "request objects are sent and refused as in the vectors": async () => {
      for (const { operation, request, problem } of vectors("vectors.requests").vectors) {
        const authlete = upstream({ action: "OK" });
        const call = pkg[operation](
          new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch }),
          request,
        );
        if (problem === null) {
          await call;
          deepEqual(authlete.calls[0].body, withoutNulls(request), operation);
        } else {
          equal(
            (await rejection(call)).message,
            `${operation}: ${problem}`,
            JSON.stringify(request),
          );
          ok(authlete.calls.length === 0, "nothing is sent");
        }
      }
    },
  };
}
