// Requests and answers that are not measured, but show whether a hand-written endpoint gives the
// same guarantees as ours.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { answers } from "./answers.mjs";
import { service, stub } from "./exchange.mjs";

const basic = (text) => `Basic ${btoa(text)}`;
const form = "application/x-www-form-urlencoded";
const where = "https://as.example.com/token";

const headers = [
  ...["", "Bearer x", "Basic !!", `basic   ${btoa("a:b")}`, `${basic("a:b")}, ${basic("c:d")}`],
  ...["a:b", "a", ":b", "a:", "a%zz:b", "a{b:c", "a%c3%a4:b", "a%20b:c+d"].map(basic),
  basic(`a:${"x".repeat(17_000)}`),
].map((authorization) => ({ authorization }));
const types = ["; charset=utf-8", ';charset="UTF8"', "; charset=us-ascii;x", ";x=y"];
headers.push(
  ...[...types, "; charset=latin1", `, ${form}`].map((rest) => ({ "content-type": form + rest })),
  { "content-type": "text/plain" },
  ...["a.b.c", "a, b", "x".repeat(17_000)].map((dpop) => ({ dpop })),
  { "oauth-client-attestation": "a, b" },
  { authorization: "Bearer x", "sec-fetch-site": "same-origin" },
);
const bodies = ["", "scope=%ff", "x=%ff", "%ff=1", "%73cope=%ff", "grant_type=a=b%zz", "code=%zz"];
const most = 65_536;
bodies.push(`scope=${"x".repeat(most - 6)}`, `scope=${"x".repeat(most - 5)}`);
const urls = ["http://as.example.com/", "http://localhost/", `${where}?code=x`, `${where}?x=y`];

const requests = [
  ...headers.map((more) => ({ more })),
  ...bodies.map((body) => ({ body })),
  ...[...urls, `${where}?c%6fde=1`].map((url) => ({ url })),
  { method: "GET", body: null },
  { method: "PUT" },
];

const text = (value) => {
  const written = typeof value === "string" ? value : JSON.stringify(value);
  return { text: written, bytes: written.length };
};
const nested = (levels) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
const ok = { action: "OK", responseContent: "{}" };
const replies = [
  ...[125, 126, 127].map((levels) => text({ ...ok, x: nested(levels) })),
  text('{"action":"OK","action":"OK","responseContent":"{}"}'),
  ...["{", "[]", "null"].map(text),
  ...[{ responseContent: "x" }, { responseContent: 1 }, { action: "NEW" }, { dpopNonce: "n" }].map(
    (more) => text({ ...ok, ...more }),
  ),
];

/** Fails unless `over(fetch)` decides as `handleTokenRequest` does. */
export async function checkAlike(over) {
  const ours = (fetch) => {
    const options = { authlete: new AuthleteClient({ ...service, fetch }) };
    return (incoming) => handleTokenRequest(incoming, options);
  };
  const cases = [
    ...requests.map((request) => [request, answers.issued]),
    ...replies.map((answer) => [{}, answer]),
  ];
  for (const [index, [request, answer]] of cases.entries()) {
    const [theirs, wanted] = [
      await outcome(over, request, answer),
      await outcome(ours, request, answer),
    ];
    const [found, expected] = [theirs, wanted].map((outcome) => outcome.slice(0, 1_000));
    if (theirs !== wanted) throw new Error(`case ${index}: ${found} instead of ${expected}`);
  }
}

/** What Authlete and the client get. */
async function outcome(over, { method = "POST", url = where, more, body = "a=b" }, answer) {
  const answering = stub(answer);
  let sent = [];
  const endpoint = over((input, init) => {
    sent = Object.entries(JSON.parse(init.body)).sort();
    return answering(input, init);
  });
  const bytes = body === null ? null : new TextEncoder().encode(body);
  const request = new Request(url, {
    method,
    headers: { "content-type": form, ...more },
    body: bytes,
  });
  const response = await endpoint(request);
  // Descriptions of errors may differ.
  const { error, access_token } = await response.json();
  const got = [...response.headers].filter(([name]) => name !== "content-length");
  return JSON.stringify([response.status, error, access_token, got, sent]);
}
