// A page that makes a call when its test says so, and reports how the call ended.
import { AuthleteClient, authToken, handleTokenRequest } from "authlete-token";

const fetch = async () =>
  new Response('{"action":"OK","responseContent":"{}"}', {
    headers: { "content-type": "application/json" },
  });
const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch });

globalThis.call = () =>
  authToken(authlete, { parameters: "" }).then(
    ({ action }) => ({ action }),
    ({ name, code, message, cause }) => ({ name, code, message, cause: cause?.name }),
  );
globalThis.answer = async () => {
  const request = new Request("https://as.example/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return (await handleTokenRequest(request, { authlete })).status;
};
