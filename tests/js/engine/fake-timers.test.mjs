// The engine under the fake timers of Vitest and of Jest, each with its own runner.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { environment, root, run } from "../../../xtask/steps.mjs";

const folder = fileURLToPath(new URL("fake-timers", import.meta.url));
const cache = join(root, ".cache/fake-timers");
mkdirSync(cache, { recursive: true });

const runners = {
  vitest: {
    script: "vitest/vitest.mjs",
    args: ["run", "--root", folder, "--globals"],
    passed: /Tests\s+2 passed/,
  },
  jest: {
    flags: ["--experimental-vm-modules"],
    script: "jest/bin/jest.js",
    args: [
      "--rootDir",
      folder,
      "--testMatch",
      "**/*.spec.mjs",
      "--config",
      JSON.stringify({ transform: {}, cacheDirectory: cache }),
    ],
    passed: /Tests:\s+2 passed/,
  },
};

describe("fake timers", () => {
  for (const [name, { flags = [], script, args, passed }] of Object.entries(runners)) {
    test(`those of ${name} move the engine's clock, whenever they are installed`, async () => {
      const { code, output } = await run(
        process.execPath,
        [...flags, join(root, "node_modules", script), ...args],
        {
          cwd: root,
          env: { ...environment, NO_COLOR: "1" },
        },
      );
      assert.equal(code, 0, output);
      assert.match(output, passed);
    });
  }
});
