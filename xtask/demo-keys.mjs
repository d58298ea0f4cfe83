// Makes new keys and certificates for the clients of the worker example's demo: their private parts
// in demo-keys.json, their public parts in demo-config.json. Not a part of the build: the keys are
// fixed, so that commands that use them stay the same. Needs OpenSSL 3.
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyEdits, modify } from "jsonc-parser";
import { root } from "./steps.mjs";

const configFile = join(root, "worker-example/src/demo-config.json");
let config = readFileSync(configFile, "utf8");
const folder = mkdtempSync(join(tmpdir(), "demo-keys-"));
const read = (name) => readFileSync(join(folder, name), "utf8");

/** An elliptic curve key as a JWK whose `kid` is its thumbprint (RFC 7638). */
function jwk() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y, d } = privateKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  return { kty, crv, x, y, d, alg: "ES256", use: "sig", kid };
}

/** What the server may know of a key. */
function publicPart({ d: _, ...rest }) {
  return rest;
}

/** A certificate for a hundred years, issued by `authority` or by itself. */
function certificate(name, extensions, authority) {
  const issued = authority ? ["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`] : [];
  const own = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"],
      ...["-days", "36500", "-subj", `/O=authlete-token demo/CN=${name}`, ...own, ...issued],
      ...extensions.flatMap((extension) => ["-addext", extension]),
    ],
    { cwd: folder, stdio: "ignore" },
  );
  return { key: read(`${name}.key`), certificate: read(`${name}.pem`) };
}

const ofClient = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"];
const authority = certificate("demo-authority", [
  "basicConstraints=critical,CA:TRUE,pathlen:0",
  "keyUsage=critical,keyCertSign",
]);
const keys = {
  "//": "PUBLIC DEMO KEYS, for `npm start` on a developer's machine. Everyone has them, so they protect nothing, and a secret scanner may ignore this file. `node xtask/demo-keys.mjs` makes others.",
  jwks: { "private-key-jwt-app": jwk(), attester: jwk() },
  certificates: {
    "tls-service": certificate(
      "tls-service",
      [...ofClient, "extendedKeyUsage=clientAuth"],
      "demo-authority",
    ),
    "self-signed-tls-app": certificate("self-signed-tls-app", ofClient),
  },
};
rmSync(folder, { recursive: true });

/** The key of a certificate, with the certificate itself (RFC 7517 §4.7). */
function certified({ certificate }) {
  const { kty, crv, x, y } = createPublicKey(certificate).export({ format: "jwk" });
  return { kty, crv, x, y, x5c: [certificate.replace(/-----[^-]+-----|\s/g, "")] };
}

const edits = [
  [["service", "trustedRootCertificates"], [authority.certificate]],
  [["service", "clientAttesterJwks"], { keys: [publicPart(keys.jwks.attester)] }],
  [clientPath("private-key-jwt-app"), { keys: [publicPart(keys.jwks["private-key-jwt-app"])] }],
  [
    clientPath("self-signed-tls-app"),
    { keys: [certified(keys.certificates["self-signed-tls-app"])] },
  ],
];

/** Where the keys of a client are in the configuration. */
function clientPath(id) {
  const { clients } = JSON.parse(config);
  return ["clients", clients.findIndex(({ client_id }) => client_id === id), "jwks"];
}

// In its place each, since the rest of the file is written by hand.
const formattingOptions = { tabSize: 2, insertSpaces: true };
for (const [path, value] of edits)
  config = applyEdits(config, modify(config, path, value, { formattingOptions }));
writeFileSync(configFile, config);
writeFileSync(
  join(root, "worker-example/src/demo-keys.json"),
  `${JSON.stringify(keys, null, 2)}\n`,
);
