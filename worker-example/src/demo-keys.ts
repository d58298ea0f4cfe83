// Private keys and certificates of the demo's clients, to download. They are no secrets: everyone
// has demo-keys.json.
import { certificateHeader } from "./client-certificate";
import keys from "./demo-keys.json";
import { isLocal, json, sentence } from "./http";

const noStore = { "cache-control": "no-store" };

/** What each file answers, by its name. */
const files: Readonly<Record<string, () => Response>> = Object.fromEntries([
  ...Object.entries(keys.jwks).map(([name, jwk]) => [
    `${name}.jwk.json`,
    () => json(jwk, 200, noStore),
  ]),
  ...Object.entries(keys.certificates).flatMap(([name, { key, certificate }]) => [
    [`${name}.key.pem`, () => sentence(200, key.trim())],
    [`${name}.cert.pem`, () => sentence(200, certificate.trim())],
    // What a server that ends the TLS connection would make of the certificate.
    [`${name}.client-cert`, () => sentence(200, certificateHeader(certificate))],
  ]),
]);

/** The names of the files. */
export const keyFiles: readonly string[] = Object.keys(files);

/** The address of a file, below the issuer's. */
export function keyPath(name: string): string {
  return `/demo/keys/${name}`;
}

/** Answers a file's address: to requests from this machine only, like the codes for scripts. */
export function demoKey(request: Request): Response {
  const file = files[new URL(request.url).pathname.split("/").at(-1) ?? ""];
  return file !== undefined && isLocal(request)
    ? file()
    : sentence(404, "The demo's keys are for this machine only.");
}
