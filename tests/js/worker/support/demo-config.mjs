// The demo's configuration, for tests that change it.
import { readFileSync } from "node:fs";

const text = readFileSync(
  new URL("../../../../worker-example/src/demo-config.json", import.meta.url),
  "utf8",
);

/** The demo's configuration with another issuer; a copy that may be changed. */
export function demoConfig(issuer) {
  return JSON.parse(text.replaceAll("http://localhost:8787", issuer));
}
