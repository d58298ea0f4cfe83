// A worker that answers with hand-written code.
import { answers } from "../calls/answers.mjs";
import { headers, request, stub, url } from "../calls/exchange.mjs";

const fetchStub = stub(answers.issued);

export default {
  async fetch() {
    const response = await fetchStub(url, {
      method: "POST",
      headers,
      body: JSON.stringify(request),
    });
    return new Response((await response.json()).action);
  },
};
