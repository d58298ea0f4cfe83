// A worker that answers with authlete-token.
import { AuthleteClient, authToken } from "authlete-token";
import { answers } from "../calls/answers.mjs";
import { request, service, stub } from "../calls/exchange.mjs";

const authlete = new AuthleteClient({ ...service, fetch: stub(answers.issued) });

export default {
  async fetch() {
    return new Response((await authToken(authlete, request)).action);
  },
};
