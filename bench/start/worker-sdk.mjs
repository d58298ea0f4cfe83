// A worker that answers with the official SDK.
import { Authlete, HTTPClient } from "@authlete/typescript-sdk";
import { answers } from "../calls/answers.mjs";
import { request, service, stub } from "../calls/exchange.mjs";

const { serverURL, bearer, serviceId } = service;
const authlete = new Authlete({
  serverURL,
  bearer,
  httpClient: new HTTPClient({ fetcher: stub(answers.issued) }),
});

export default {
  async fetch() {
    return new Response(
      (await authlete.token.process({ serviceId, tokenRequest: request })).action,
    );
  },
};
