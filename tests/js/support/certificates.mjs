// X.509 certificates (RFC 5280), good and bad, made with WebCrypto. `tests/fixtures/certificates`
// keeps some of them for the native tests.

const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
const nothing = [5, 0];

/** What keys sign with: the algorithm of WebCrypto, and its identifier in certificates. */
export const signers = {
  "P-256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256", oid: "1.2.840.10045.4.3.2" },
  "P-256 with SHA-384": {
    name: "ECDSA",
    namedCurve: "P-256",
    hash: "SHA-384",
    oid: "1.2.840.10045.4.3.3",
  },
  "P-384": { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384", oid: "1.2.840.10045.4.3.3" },
  "P-521": { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512", oid: "1.2.840.10045.4.3.4" },
  "RSA 2048": {
    ...rsa,
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    oid: "1.2.840.113549.1.1.11",
    parameters: nothing,
  },
  "RSA 4096 with SHA-512": {
    ...rsa,
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 4096,
    hash: "SHA-512",
    oid: "1.2.840.113549.1.1.13",
    parameters: nothing,
  },
  "RSA with SHA-1": {
    ...rsa,
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-1",
    oid: "1.2.840.113549.1.1.5",
    parameters: nothing,
  },
  "RSA 1024": {
    ...rsa,
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 1024,
    hash: "SHA-256",
    oid: "1.2.840.113549.1.1.11",
    parameters: nothing,
  },
  "RSA-PSS": {
    ...rsa,
    name: "RSA-PSS",
    hash: "SHA-256",
    saltLength: 32,
    oid: "1.2.840.113549.1.1.10",
    get parameters() {
      const digest = sequence(oid("2.16.840.1.101.3.4.2.1"), nothing);
      const mask = sequence(oid("1.2.840.113549.1.1.8"), digest);
      return sequence(tagged(0xa0, digest), tagged(0xa1, mask), tagged(0xa2, integer([32])));
    },
  },
  Ed25519: { name: "Ed25519", oid: "1.3.101.112" },
};

/** A key pair. */
export async function keyOf(type = "P-256") {
  const signer = signers[type];
  const pair = await crypto.subtle.generateKey(signer, true, ["sign", "verify"]);
  return {
    ...pair,
    type,
    spki: [...new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey))],
    jwk: await crypto.subtle.exportKey("jwk", pair.publicKey),
  };
}

/**
 * A certificate. `issuer` has a `subject` and a `key`; without one, it is self-signed. `subject` is
 * a list of `[oid, text]`, or DER. `by` is a signer other than that of the issuer's key.
 */
export async function certificateOf({
  key,
  subject,
  issuer = { subject, key },
  by = issuer.key.type,
  from = "20250101000000Z",
  to = "20750101000000Z",
  extensions = [],
  version = 2,
  serial = 1,
}) {
  const { oid: algorithm, parameters = [], ...signer } = signers[by];
  const identifier = sequence(oid(algorithm), parameters);
  const tbs = sequence(
    version === 0 ? [] : tagged(0xa0, integer([version])),
    integer([serial]),
    identifier,
    nameOf(issuer.subject),
    sequence(time(from), time(to)),
    nameOf(subject),
    key.spki,
    extensions.length === 0 ? [] : tagged(0xa3, sequence(...extensions)),
  );
  const signed = await crypto.subtle.sign(signer, issuer.key.privateKey, new Uint8Array(tbs));
  const raw = [...new Uint8Array(signed)];
  const half = raw.length / 2;
  const signature =
    signer.name === "ECDSA"
      ? sequence(unsigned(raw.slice(0, half)), unsigned(raw.slice(half)))
      : raw;
  const der = sequence(tbs, identifier, tagged(3, [0, ...signature]));
  return { key, subject, der, base64: base64(der), pem: pemOf(der) };
}

/** DER as PEM (RFC 7468 §5.1). */
export function pemOf(der) {
  const lines = base64(der).match(/.{1,64}/gu) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** The extensions of an authority. */
export const authority = (longest) => [basicConstraints(true, longest), keyUsage(5)];

export const basicConstraints = (ca, longest) =>
  extension(
    "2.5.29.19",
    sequence(ca ? [1, 1, 255] : [], longest === undefined ? [] : integer([longest])),
    true,
  );

/** The key usages of these bits: 0 is `digitalSignature`, 5 `keyCertSign`. */
export const keyUsage = (...bits) => {
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  const unused = 7 - Math.max(...bits);
  return extension("2.5.29.15", tagged(3, [unused, byte]), true);
};

export const extendedKeyUsage = (...purposes) =>
  extension("2.5.29.37", sequence(...purposes.map(oid)));

export const clientAuth = "1.3.6.1.5.5.7.3.2";
export const serverAuth = "1.3.6.1.5.5.7.3.1";

/** The alternative names: each is a tag and its bytes, or its text. */
export const alternativeNames = (...names) =>
  extension(
    "2.5.29.17",
    sequence(
      ...names.map(([tag, value]) =>
        tagged(0x80 | tag, typeof value === "string" ? text(value) : value),
      ),
    ),
  );

export const extension = (id, value, critical = false) =>
  sequence(oid(id), critical ? [1, 1, 255] : [], tagged(4, value));

export const sequence = (...parts) => tagged(0x30, parts.flat());

export function tagged(tag, content) {
  const { length } = content;
  if (length < 128) return [tag, length, ...content];
  const bytes = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 255);
  return [tag, 0x80 | bytes.length, ...bytes, ...content];
}

export function oid(dotted) {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const bytes = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc & 127];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 127) | 128);
    bytes.push(...digits);
  }
  return tagged(6, bytes);
}

const text = (value) => [...new TextEncoder().encode(value)];
const integer = (bytes) => tagged(2, bytes);
const base64 = (der) => btoa(String.fromCharCode(...der));

/** A number without a sign. */
function unsigned(bytes) {
  const from = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.slice(from);
  return integer(digits[0] > 127 ? [0, ...digits] : digits);
}

/** RFC 5280 §4.1.2.5. */
const time = (value) =>
  value < "2050" ? tagged(0x17, text(value.slice(2))) : tagged(0x18, text(value));

/** Each element is a relative name: `[oid, text]`, or several of those. */
function nameOf(subject) {
  const attribute = ([type, value, tag = 0x0c]) => sequence(oid(type), tagged(tag, text(value)));
  const set = (one) => tagged(0x31, (Array.isArray(one[0]) ? one : [one]).flatMap(attribute));
  return sequence(...subject.map(set));
}
