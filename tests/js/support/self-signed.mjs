// Makes a self-signed certificate, so that no private key has to be kept in the repository.
import { generateKeyPairSync, sign } from "node:crypto";

/** DER (X.690 §8, §10): a tag, the length and the content. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  const length = content.length;
  const head = length < 128 ? [length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
const sequence = (...parts) => der(0x30, ...parts);
const time = (text) => der(0x17, Buffer.from(text));

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
const algorithm = sequence(der(0x06, Buffer.from("2a8648ce3d040302", "hex")));

/** A key and a certificate for it (RFC 5280 §4.1), both in PEM. `name` is its common name. */
export function selfSigned(name) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const commonName = der(0x06, Buffer.from("550403", "hex"));
  const subject = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    subject,
    sequence(time("200101000000Z"), time("491231235959Z")),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", signed, privateKey);
  const certificate = sequence(signed, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}
