// The first calls of a program, and their outcomes. No top-level await: CommonJS has none.
import { AuthleteClient, authToken } from "authlete-token";
import { createEngine } from "authlete-token/engine";

const told = ({ name, code, message, cause }) => ({
  name,
  code,
  message,
  cause: cause?.code ?? cause?.name,
});
const fetch = async () =>
  new Response('{"action":"OK","responseContent":"{}"}', {
    headers: { "content-type": "application/json" },
  });
const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch });

async function report() {
  return {
    operation: await authToken(authlete, { parameters: "" }).then(({ action }) => action, told),
    engine: await createEngine({
      service: { serviceId: "1", bearer: "b", issuer: "http://localhost" },
      clients: [],
    }).then(() => "created", told),
  };
}
report().then((made) => console.log(JSON.stringify(made)));
