// Authlete's operations in a page, through the page's own origin: a form for operators to try out
// token requests. A page that is an OAuth client needs none of this: it sends its token request to
// the token endpoint by `fetch`.
import { AuthleteClient, AuthleteError, authToken } from "authlete-token";

const authlete = new AuthleteClient({
  // Placeholders, which browser-proxy.ts replaces: anyone can read what is in a page.
  serviceId: "page",
  bearer: "page",
  serverURL: new URL("/authlete", location.href).href,
  onEvent: (event) => console.log(JSON.stringify(event)),
});

const form = document.querySelector("form") as HTMLFormElement;
const output = document.querySelector("output") as HTMLOutputElement;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  const text = (name: string) => String(fields.get(name));
  try {
    const response = await authToken(authlete, {
      parameters: text("parameters"),
      clientId: text("clientId"),
      clientSecret: text("clientSecret"),
    });
    output.value = `${response.action} – ${response.resultMessage}`;
  } catch (error) {
    output.value =
      error instanceof AuthleteError
        ? `${error.code} ${error.status ?? ""}`
        : "Unexpected error: it is not an AuthleteError.";
  }
});
