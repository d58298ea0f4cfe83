// Users' projects. Each installs the tarball, is built by its tool if it has one, and runs the same
// scenario in its own host.
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { newerNode } from "../../xtask/newer-node.mjs";
import { launchBrowser } from "../js/support/browser.mjs";
import { nodeOf } from "./support/executables.mjs";
import { installed, reportOf, withProject } from "./support/project.mjs";
import { responseContent, startSite } from "./support/site.mjs";
import { startViteServer } from "./support/vite-server.mjs";

const complete = {
  operation: { action: "OK", responseContent },
  error: { code: "ERR_AUTHLETE_REQUEST_INVALID", isAuthleteError: true },
  endpoint: { status: 200, body: JSON.parse(responseContent) },
  engine: { status: 200, tokenType: "Bearer", active: true },
};

const support = (name) => fileURLToPath(new URL(`support/${name}`, import.meta.url));
const html = (script, head = "") =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${head}<script type="module" src="${script}"></script>`;

export function consumers(packed) {
  // They mostly wait for tools: two at a time are quicker than one, even on two cores.
  describe("a user's project", { concurrency: 2 }, () => {
    let authlete;
    let browser;
    before(async () => {
      [authlete, browser] = await Promise.all([startSite(), launchBrowser()]);
    });
    after(async () => {
      authlete?.close();
      await browser?.close();
    });

    /** What a page at this address reports. */
    const pageReport = async (url) => {
      const page = await browser.newPage();
      try {
        const troubles = [];
        page.on("pageerror", (error) => troubles.push(String(error.stack ?? error)));
        page.on(
          "console",
          (message) => message.type() === "error" && troubles.push(message.text()),
        );
        await page.goto(url);
        await page
          .waitForFunction(() => "report" in globalThis, undefined, { timeout: 20_000 })
          .catch(() => troubles.push("The page made no report."));
        const report =
          troubles.length > 0 ? undefined : await page.evaluate(() => globalThis.report);
        assert.deepEqual(troubles, []);
        return report;
      } finally {
        await page.close();
      }
    };
    /** Serves a folder and gives the report of its page. */
    const served = async (folder) => {
      const site = await startSite({ folder });
      try {
        return await pageReport(site.url);
      } finally {
        site.close();
      }
    };

    for (const major of [20, 22, 24]) {
      for (const [how, file] of [
        ["imports it", "main.mjs"],
        ["requires it from CommonJS", "main.cjs"],
        ["requires it from a module", "create-require.mjs"],
      ]) {
        test(`Node.js ${major} ${how}`, () =>
          withProject(packed, [file, "scenario.mjs"], async ({ tool }) => {
            assert.deepEqual(reportOf(await tool(nodeOf(major), [file, authlete.url])), complete);
          }));
      }
    }

    test("Deno runs it with no permission but the network", () =>
      withProject(packed, ["main.mjs", "scenario.mjs"], async ({ folder, tool }) => {
        const env = { DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" };
        const { host } = new URL(authlete.url);
        const args = [
          "run",
          "--quiet",
          "--no-prompt",
          "--no-remote",
          `--allow-net=${host}`,
          "main.mjs",
          authlete.url,
        ];
        assert.deepEqual(reportOf(await tool(installed(".bin/deno"), args, env)), complete);
      }));

    test("Bun runs it", () =>
      withProject(packed, ["main.mjs", "scenario.mjs"], async ({ tool }) => {
        assert.deepEqual(
          reportOf(await tool(installed(".bin/bun"), ["run", "main.mjs", authlete.url])),
          complete,
        );
      }));

    for (const [what, file] of [
      ["it", "worker.mjs"],
      ["the slim entries", "slim-worker.mjs"],
    ]) {
      test(`wrangler bundles ${what} for Cloudflare Workers, and workerd runs the bundle`, () =>
        withProject(packed, [file, "scenario.mjs"], async ({ folder, tool }) => {
          writeFileSync(
            join(folder, "wrangler.json"),
            JSON.stringify({ name: "consumer", main: file, compatibility_date: "2026-06-01" }),
          );
          const env = {
            WRANGLER_SEND_METRICS: "false",
            WRANGLER_SEND_ERROR_REPORTS: "false",
            WRANGLER_WRITE_LOGS: "false",
            CLOUDFLARE_CF_FETCH_ENABLED: "false",
          };
          await tool(
            newerNode(),
            [installed("wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir", "out"],
            env,
          );
          assert.deepEqual(
            reportOf(
              await tool(
                newerNode(),
                [support("run-worker.mjs"), join(folder, "out"), authlete.url],
                env,
              ),
            ),
            complete,
          );
        }));
    }

    test("vite builds it for browsers", () =>
      withProject(packed, ["page.mjs", "scenario.mjs"], async ({ folder, tool }) => {
        writeFileSync(join(folder, "index.html"), html("/page.mjs"));
        await tool(process.execPath, [installed("vite/bin/vite.js"), "build"]);
        assert.deepEqual(await served(join(folder, "dist")), complete);
      }));

    test("vite serves it to browsers in development", () =>
      withProject(packed, ["page.mjs", "scenario.mjs"], async ({ folder }) => {
        writeFileSync(join(folder, "index.html"), html("/page.mjs"));
        const vite = await startViteServer(folder);
        try {
          assert.deepEqual(await pageReport(`${vite.url}/?server=${authlete.url}`), complete);
        } finally {
          await vite.close();
        }
      }));

    test("webpack builds it for browsers, with an entry and an output and no other configuration", () =>
      withProject(packed, ["page.mjs", "scenario.mjs"], async ({ folder, tool }) => {
        await tool(process.execPath, [support("bundle-with-webpack.mjs"), "page.mjs"]);
        writeFileSync(join(folder, "dist/index.html"), html("/bundle.js"));
        assert.deepEqual(await served(join(folder, "dist")), complete);
      }));

    const server = {
      target: "node",
      experiments: { outputModule: true },
      output: { filename: "bundle.mjs", module: true, chunkFormat: "module" },
    };

    test("webpack bundles it for servers, with the .wasm files beside the bundle, and the folder may move", () =>
      withProject(packed, ["main.mjs", "scenario.mjs"], async ({ folder, tool }) => {
        await tool(process.execPath, [
          support("bundle-with-webpack.mjs"),
          "main.mjs",
          JSON.stringify(server),
        ]);
        await withProject(packed, [], async (elsewhere) => {
          cpSync(join(folder, "dist"), join(elsewhere.folder, "dist"), { recursive: true });
          rmSync(join(folder, "node_modules"), { recursive: true });
          assert.deepEqual(
            reportOf(await elsewhere.tool(nodeOf(20), ["dist/bundle.mjs", authlete.url])),
            complete,
          );
        });
      }));

    // Next.js configures webpack like this: `new URL` gives an address for browsers, and is a class
    // of webpack's own.
    test("webpack bundles it for servers where new URL(…) becomes an address of the site", () =>
      withProject(packed, ["main.mjs", "scenario.mjs"], async ({ folder, tool }) => {
        const next = {
          ...server,
          output: { ...server.output, publicPath: "/_next/" },
          module: { parser: { javascript: { url: "relative" } } },
        };
        await tool(process.execPath, [
          support("bundle-with-webpack.mjs"),
          "main.mjs",
          JSON.stringify(next),
        ]);
        assert.match(readFileSync(join(folder, "dist/bundle.mjs"), "utf8"), /\/_next\//);
        assert.deepEqual(
          reportOf(await tool(nodeOf(20), ["dist/bundle.mjs", authlete.url])),
          complete,
        );
      }));

    test("a browser imports it by an import map, without a bundler", () =>
      withProject(packed, ["page.mjs", "scenario.mjs"], async ({ folder }) => {
        const { exports } = JSON.parse(
          readFileSync(join(folder, "node_modules/authlete-token/package.json"), "utf8"),
        );
        const address = (subpath) => join("/node_modules/authlete-token", exports[subpath].browser);
        const imports = {
          "authlete-token": address("."),
          "authlete-token/engine": address("./engine"),
        };
        writeFileSync(
          join(folder, "index.html"),
          html("/page.mjs", `<script type="importmap">${JSON.stringify({ imports })}</script>`),
        );
        assert.deepEqual(await served(folder), complete);
      }));

    test("a host that deploys only the files that a program needs deploys the .wasm files", () =>
      withProject(packed, ["main.mjs", "scenario.mjs"], async ({ folder, tool }) => {
        const { files, warnings } = reportOf(
          await tool(process.execPath, [support("traced-files.mjs"), "main.mjs"]),
        );
        assert.deepEqual(warnings, []);
        await withProject(packed, [], async (elsewhere) => {
          rmSync(join(elsewhere.folder, "node_modules"), { recursive: true });
          for (const file of files) cpSync(join(folder, file), join(elsewhere.folder, file));
          assert.deepEqual(
            reportOf(await elsewhere.tool(nodeOf(20), ["main.mjs", authlete.url])),
            complete,
          );
        });
      }));

    test("esbuild bundles the slim entries for browsers, with the .wasm files beside the bundle", () =>
      withProject(packed, ["slim-page.mjs", "scenario.mjs"], async ({ folder, tool }) => {
        await tool(installed(".bin/esbuild"), [
          "slim-page.mjs",
          "--bundle",
          "--format=esm",
          "--outdir=dist",
          "--loader:.wasm=file",
          "--log-level=warning",
        ]);
        writeFileSync(join(folder, "dist/index.html"), html("/slim-page.js"));
        assert.deepEqual(await served(join(folder, "dist")), complete);
      }));

    for (const [format, name] of [
      ["esm", "ES modules"],
      ["cjs", "CommonJS"],
    ]) {
      test(`esbuild bundles the slim entries for Node.js into one file of ${name}, which runs alone`, () =>
        withProject(packed, ["slim-program.mjs", "scenario.mjs"], async ({ folder, tool }) => {
          const file = `bundle.${format === "esm" ? "mjs" : "cjs"}`;
          const args = [
            "--bundle",
            "--platform=node",
            "--target=node20",
            `--format=${format}`,
            "--loader:.wasm=binary",
            `--outfile=${file}`,
          ];
          await tool(installed(".bin/esbuild"), [
            "slim-program.mjs",
            ...args,
            "--log-level=warning",
          ]);
          await withProject(packed, [], async (elsewhere) => {
            cpSync(join(folder, file), join(elsewhere.folder, file));
            rmSync(join(elsewhere.folder, "node_modules"), { recursive: true });
            assert.deepEqual(
              reportOf(await elsewhere.tool(nodeOf(20), [file, authlete.url])),
              complete,
            );
          });
        }));
    }

    test("esbuild bundles a program to CommonJS for Node.js and leaves the package outside", () =>
      withProject(packed, ["first-calls.mjs"], async ({ tool }) => {
        const args = [
          "--bundle",
          "--platform=node",
          "--format=cjs",
          "--packages=external",
          "--outfile=bundle.cjs",
          "--log-level=warning",
        ];
        await tool(installed(".bin/esbuild"), ["first-calls.mjs", ...args]);
        assert.deepEqual(reportOf(await tool(nodeOf(24), ["bundle.cjs"])), {
          operation: "OK",
          engine: "created",
        });
      }));
  });
}
