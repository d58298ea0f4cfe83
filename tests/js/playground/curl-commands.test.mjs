// The commands that the playground shows for its requests.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { playgroundModules } from "./support/modules.mjs";

const { curlCommand, singleUseOf } = await playgroundModules("ui/curl");

/** A server that says what it was sent. */
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { method, url, headers } = request;
  response.end(JSON.stringify({ method, url, headers, body }));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
after(() => server.close());

/** What the server was sent by the command in a shell. */
async function sentBy(command) {
  const { stdout } = await promisify(execFile)("sh", ["-c", `${command} --silent --show-error`]);
  return JSON.parse(stdout.slice(stdout.indexOf("\r\n\r\n")));
}

const form = ["content-type", "application/x-www-form-urlencoded;charset=UTF-8"];
const strange = `:/?&=+%41 "$HOME"'\`id\`\\;|<b>#@*~!(){}[]^,-ä`;
const formBody = new URLSearchParams({
  grant_type: "authorization_code",
  code: strange,
  client_secret: "web-app-demo-secret",
}).toString();

const requests = {
  "a form with Basic credentials": {
    method: "POST",
    url: `${origin}/token`,
    headers: [["authorization", `Basic ${btoa("web-app:s:c'r$et")}`], form],
    body: formBody,
  },
  "a query with characters of the shell and of curl": {
    method: "GET",
    url: `${origin}/authorize?scope=${encodeURIComponent(strange)}&list=[1-3]{a,b}`,
    headers: [["authorization", "DPoP abc.def"]],
    body: "",
  },
  "a POST without a body": { method: "POST", url: `${origin}/challenge`, headers: [], body: "" },
  JSON: {
    method: "POST",
    url: `${origin}/introspect`,
    headers: [["content-type", "application/json"]],
    body: `{"a": "it's"}`,
  },
  "a form whose parameter begins with @": {
    method: "POST",
    url: `${origin}/token`,
    headers: [form, ["x-empty", ""]],
    body: "@etc=1&&b=2",
  },
};

for (const [name, request] of Object.entries(requests))
  test(`the command for ${name} sends the same method, address, headers and body`, async () => {
    const { method, url, headers, body } = await sentBy(
      curlCommand({
        ...request,
        headers: [...request.headers, ["playground-trace", "0".repeat(32)]],
      }),
    );
    assert.equal(method, request.method);
    assert.equal(origin + url, request.url);
    assert.equal(body, request.body);
    for (const [header, value] of request.headers)
      assert.equal(
        headers[header].replace(/;charset=utf-8$/i, ""),
        value.replace(/;charset=.*/, ""),
      );
    assert.equal(headers["playground-trace"], undefined);
  });

test("the answers of several commands are apart: each ends its line", async () => {
  const command = curlCommand(requests["a POST without a body"]);
  const { stdout } = await promisify(execFile)("sh", ["-c", `${command}\n\n${command}\n`]);
  const bodies = stdout.split("\n").filter((line) => line.startsWith("{"));
  assert.deepEqual(
    bodies.map((body) => JSON.parse(body).url),
    ["/challenge", "/challenge"],
  );
});

test("the command that is shown has no secret, and otherwise the same words", () => {
  const request = requests["a form with Basic credentials"];
  const shown = curlCommand(request, { hidden: true });
  for (const secret of ["web-app-demo-secret", "s:c'r$et", "HOME"])
    assert.ok(!shown.includes(secret), shown);
  assert.match(shown, /web-app:••••••/);
  assert.match(shown, /-d grant_type=authorization_code/);
  const address = curlCommand(
    { method: "GET", url: `${origin}/?code=12345678901234567890&state=s`, headers: [], body: "" },
    { hidden: true },
  );
  assert.match(address, /code=••••••7890&state=s/);
});

test("it is said what the server takes only once", () => {
  const headers = [["DPoP", "x.y.z"], form];
  assert.deepEqual(singleUseOf({ method: "POST", url: origin, headers, body: formBody }), [
    "the DPoP proof",
    "the code",
  ]);
  assert.deepEqual(singleUseOf(requests.JSON), []);
});
