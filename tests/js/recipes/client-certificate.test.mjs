// The recipes' page about client certificates, on real TLS connections.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, createServer, request as send } from "node:https";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { AuthleteClient, handlePlainTokenRequest } from "authlete-token";
import { root } from "../../../xtask/steps.mjs";
import { selfSigned } from "../support/self-signed.mjs";
import { upstream } from "../support/upstream.mjs";
import { recipe } from "./support.mjs";

const issued = { action: "OK", responseContent: '{"access_token":"x"}' };
const form = { "content-type": "application/x-www-form-urlencoded" };
const [server, trusted, stranger] = ["server", "trusted", "stranger"].map(selfSigned);

/** The page's function for a server of one's own. */
async function fromThePage() {
  const [, code] = /```js\n(const withCertificate = .*?)```/s.exec(
    readFileSync(recipe("README.md"), "utf8"),
  );
  const folder = join(root, ".cache/recipes");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "with-certificate.mjs");
  writeFileSync(path, `${code}\nexport { withCertificate };\n`);
  return (await import(pathToFileURL(path))).withCertificate;
}

test("a server of one's own passes on the certificate of the connection, if it is verified", async (t) => {
  const withCertificate = await fromThePage();
  const authlete = upstream(issued);
  const options = {
    authlete: new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch }),
  };
  const tls = { ...server, ca: trusted.cert, requestCert: true, rejectUnauthorized: false };
  const listener = createServer(tls, async (incoming, outgoing) => {
    const { method, headersDistinct: headers } = incoming;
    const bytes = async () => Buffer.concat(await incoming.toArray());
    const answer = await handlePlainTokenRequest(
      { method, url: "https://as.example.com/token", headers, bytes },
      withCertificate(options, incoming),
    );
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  const shownWith = async (certificate, agent = false) => {
    const status = await new Promise((resolve, reject) => {
      const request = send(
        {
          ...certificate,
          agent,
          method: "POST",
          host: "127.0.0.1",
          port: listener.address().port,
          rejectUnauthorized: false,
          headers: { ...form, "client-cert": ":MAAA:", "x-ssl-cert": "MAAA" },
        },
        (response) => response.resume().on("end", () => resolve(response.statusCode)),
      );
      request.on("error", reject).end("grant_type=client_credentials");
    });
    assert.equal(status, 200);
    return authlete.calls.at(-1).body.clientCertificate;
  };
  assert.equal(await shownWith(trusted), trusted.cert);
  assert.equal(await shownWith(stranger), undefined);
  assert.equal(await shownWith(undefined), undefined);
  // An agent resumes the TLS session in its next connection, which Node may then call authorized.
  const agent = new Agent({ keepAlive: false });
  for (let connection = 0; connection < 3; connection++)
    assert.equal(await shownWith(undefined, agent), undefined);
});
