// The example exchanges of tests/fixtures, read on Node and passed to the other hosts.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../fixtures/", import.meta.url);

/** `[{ name, json }]`, in name order. */
export const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => ({
    name: file.slice(0, -".json".length),
    json: JSON.parse(readFileSync(new URL(file, folder), "utf8")),
  }));
