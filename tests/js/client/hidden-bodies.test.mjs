// Requests without the member `body`, which the engine reads.
import assert from "node:assert/strict";
import test from "node:test";
import { createEngine } from "authlete-token/engine";

/** Like Firefox's class: there is a body, but not the member `body`. */
class HiddenRequest extends Request {
  get body() {
    return undefined;
  }
}

test("the engine reads a request whose body the runtime hides", async () => {
  const engine = await createEngine({
    service: { serviceId: "1", bearer: "b", issuer: "http://localhost" },
    clients: [{ client_id: "app", client_secret: "secret", grant_types: ["client_credentials"] }],
  });
  const request = (parameters) =>
    new HiddenRequest("http://localhost/api/1/auth/token", {
      method: "POST",
      headers: { authorization: "Bearer b", "content-type": "application/json" },
      body: JSON.stringify({ parameters, clientId: "app", clientSecret: "secret" }),
    });
  const answer = await engine.fetch(request("grant_type=client_credentials"));
  assert.deepEqual([answer.status, (await answer.json()).action], [200, "OK"]);
  assert.ok(
    (await engine.fetch(request(`padding=${"x".repeat(1_048_576)}`))).status >= 400,
    "a request beyond the engine's cap",
  );
});
