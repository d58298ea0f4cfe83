// How the WebAssembly module is loaded: what the slim entry refuses, and what users read if the
// file can't be loaded.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchBrowser } from "../js/support/browser.mjs";
import { installed, reportOf, withProject } from "./support/project.mjs";
import { startSite } from "./support/site.mjs";

const NOT_INITIALIZED = "ERR_AUTHLETE_NOT_INITIALIZED";
const importMap = {
  imports: { "authlete-token": "/node_modules/authlete-token/dist/entry/browser.js" },
};
const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="importmap" nonce="page">${JSON.stringify(importMap)}</script><script type="module" src="/late-page.mjs"></script>`;

export function loading(packed) {
  describe("the slim entry", () => {
    let report;
    before(() =>
      withProject(packed, ["slim-mistakes.mjs"], async ({ tool }) => {
        report = reportOf(await tool(process.execPath, ["slim-mistakes.mjs"]));
      }),
    );

    test("calls before initializeWasm reject, also those of the endpoint, and say what to do", () => {
      for (const { code, ours, message } of [
        report.early.operation,
        report.early.endpoint,
        report.stillEarly,
      ]) {
        assert.deepEqual({ code, ours }, { code: NOT_INITIALIZED, ours: true });
        assert.match(message, /initializeWasm\(module\)/);
      }
      assert.deepEqual(report.early.events, []);
    });

    test("initializeWasm refuses anything that is not operations.wasm, with a cause that does not show when the error is printed", () => {
      for (const [name, error] of Object.entries(report.refused)) {
        assert.equal(error?.code, "ERR_AUTHLETE_CONFIG", name);
        assert.ok(error.ours, name);
        assert.match(error.message, /^module: /, name);
        assert.match(error.cause, /^(TypeError|CompileError|LinkError)$/, name);
        assert.equal(error.shown, false, name);
      }
      assert.equal(Object.keys(report.refused).length, 7);
    });

    test("after wrong ones the right module is accepted, also from another realm, and later calls change nothing", () => {
      // JSON has no undefined: nothing was thrown.
      assert.deepEqual([report.first ?? null, ...report.again], [null, null, null]);
      assert.deepEqual([report.action, report.status], ["OK", 200]);
    });
  });

  describe("the engine's slim entry", () => {
    test("it accepts only engine.wasm, once, and before that says what to do", () =>
      withProject(packed, ["engine-mistakes.mjs"], async ({ tool }) => {
        const { early, refused, first, again, created } = reportOf(
          await tool(process.execPath, ["engine-mistakes.mjs"]),
        );
        assert.deepEqual(
          { code: early.code, ours: early.ours },
          { code: NOT_INITIALIZED, ours: true },
        );
        assert.match(early.message, /initializeWasm\(module\).* authlete-token\/engine\b/);
        for (const { code, ours, message, cause } of refused) {
          assert.deepEqual({ code, ours }, { code: "ERR_AUTHLETE_CONFIG", ours: true });
          assert.match(message, /^module: expected the engine\.wasm of this version/);
          assert.match(cause, /^(TypeError|CompileError|LinkError)$/);
        }
        assert.deepEqual([first ?? null, again ?? null, created], [null, null, "created"]);
      }));
  });

  describe("a bundle or a runtime that can't load it by itself", () => {
    /** The outcomes of the first calls, in a bundle that esbuild makes with these options. */
    const bundled = (...options) =>
      withProject(packed, ["first-calls.mjs"], async ({ tool }) => {
        const args = [
          "--bundle",
          "--platform=node",
          "--outfile=out/bundle.mjs",
          "--log-level=error",
          ...options,
        ];
        await tool(installed(".bin/esbuild"), ["first-calls.mjs", ...args]);
        return reportOf(
          await tool(process.execPath, [
            options.includes("--format=cjs") ? "out/bundle.cjs" : "out/bundle.mjs",
          ]),
        );
      });
    const refused = ({ operation, engine }, reason, cause) => {
      for (const [error, slim] of [
        [operation, "authlete-token/slim"],
        [engine, "authlete-token/engine/slim"],
      ]) {
        assert.deepEqual(
          [error.name, error.code, error.cause],
          ["AuthleteError", NOT_INITIALIZED, cause],
        );
        assert.match(error.message, reason);
        assert.ok(
          error.message.includes(` ${slim} `) || error.message.includes(` ${slim},`),
          error.message,
        );
        assert.doesNotMatch(error.message, /memory|version/);
      }
    };

    test("in a CommonJS bundle the error says that it has no address, and to use the slim entry", async () => {
      refused(
        await bundled("--format=cjs", "--outfile=out/bundle.cjs"),
        /could not be located: import\.meta\.url is not a URL/,
        "ERR_INVALID_URL",
      );
    });

    test("in a bundle of ES modules the error names the missing file", async () => {
      refused(await bundled("--format=esm"), /could not be read: file:.*\.wasm/, "ENOENT");
    });

    test("if a bundler turns the imported file into something else, the error says so", async () => {
      refused(
        await bundled("--format=esm", "--conditions=workerd", "--loader:.wasm=file"),
        /the import of \w+\.wasm gave no WebAssembly\.Module/,
      );
    });

    test("in a runtime without WebAssembly every entry says so", () =>
      withProject(packed, ["first-calls.mjs", "no-webassembly.mjs"], async ({ tool }) => {
        for (const file of ["first-calls.mjs", "no-webassembly.mjs"]) {
          // Node warns about the feature that it switches off.
          const output = await tool(process.execPath, ["--jitless", file]);
          const errors = Object.values(
            reportOf(output.split("\n").find((line) => /^[[{]/.test(line)) ?? output),
          );
          assert.equal(errors.length, 2);
          for (const { code, message } of errors) {
            assert.equal(code, NOT_INITIALIZED);
            assert.match(message, /this runtime has no WebAssembly/);
          }
        }
      }));
  });

  describe("a module file that can't be loaded", () => {
    const unanswered = (detail) => ({
      status: 500,
      body: '{"error":"server_error"}',
      events: [
        {
          type: "upstream_failed",
          operation: "authToken",
          code: NOT_INITIALIZED,
          detail,
          requestId: "r",
        },
      ],
    });

    test("in Node.js rejects with the reason, answers 500 and tells onEvent, until the file is there", () =>
      withProject(packed, ["missing-file.mjs"], async ({ tool }) => {
        const { missing, garbled, swapped, repaired } = reportOf(
          await tool(process.execPath, ["missing-file.mjs"]),
        );
        const reasons = [
          [missing, /could not be read: file:.*\.wasm.*authlete-token\/(engine\/)?slim/, "ENOENT"],
          [garbled, /could not be compiled \(CompileError\): file:.*\.wasm/, "CompileError"],
          [
            swapped,
            /could not be instantiated \(TypeError; .*(operations|engine)\.wasm of this version/,
            "TypeError",
          ],
        ];
        for (const [{ operation, engine, endpoint }, reason, cause] of reasons) {
          for (const error of [operation, engine]) {
            assert.deepEqual(
              { name: error.name, code: error.code, cause: error.cause },
              { name: "AuthleteError", code: NOT_INITIALIZED, cause },
            );
            assert.match(error.message, reason);
          }
          assert.deepEqual(endpoint, unanswered(operation.message));
        }
        assert.equal(repaired.operation, "OK");
        assert.equal(repaired.engine, "created");
        assert.equal(repaired.endpoint.status, 200);
      }));

    describe("in a browser", () => {
      let browser;
      let trouble;
      let policy;
      let site;
      let project;
      let finished;

      before(async () => {
        browser = await launchBrowser();
        // The project stays until the tests are over.
        const over = new Promise((resolve) => (finished = resolve));
        await new Promise((resolve, reject) => {
          project = withProject(packed, ["late-page.mjs"], async ({ folder }) => {
            writeFileSync(join(folder, "index.html"), html);
            const bytes = (name) =>
              readFileSync(join(folder, `node_modules/authlete-token/wasm/${name}.wasm`));
            const contents = { operations: bytes("operations"), engine: bytes("engine") };
            site = await startSite({
              folder,
              intercept: (path, response) => intercepted(path, response, contents),
            });
            resolve();
            await over;
          });
          project.catch(reject);
        });
      });
      after(async () => {
        await browser?.close();
        site?.close();
        finished();
        await project;
      });

      const send = (response, status, type, body) =>
        response.writeHead(status, { "content-type": type }).end(body);
      const troubles = {
        missing: (response) => send(response, 404, "text/plain", "Not Found"),
        page: (response) => send(response, 200, "text/html", html),
        reset: (response) => response.socket.destroy(),
        other: (response, { engine }) => send(response, 200, "application/wasm", engine),
        garbled: (response) => send(response, 200, "application/wasm", "<!doctype html>"),
        plain: (response, { operations }) => send(response, 200, "text/plain", operations),
        parameter: (response, { operations }) =>
          send(response, 200, "application/wasm; charset=utf-8", operations),
        half: (response, { operations }) => {
          response.writeHead(200, {
            "content-type": "application/wasm",
            "content-length": operations.length,
          });
          response.write(operations.subarray(0, 20_000), () => response.socket.destroy());
        },
      };
      const intercepted = (path, response, contents) => {
        if (path === "/" && policy !== undefined) {
          response
            .writeHead(200, { "content-type": "text/html", "content-security-policy": policy })
            .end(html);
          return true;
        }
        if (!path.endsWith("/operations.wasm") || trouble === undefined) return false;
        troubles[trouble](response, contents);
        return true;
      };
      const open = async () => {
        const page = await browser.newPage();
        await page.goto(site.url);
        await page.waitForFunction(() => "call" in globalThis);
        return page;
      };
      const refusal = async (page, reason, ...causes) => {
        const error = await page.evaluate(() => globalThis.call());
        assert.deepEqual([error.name, error.code], ["AuthleteError", NOT_INITIALIZED]);
        if (causes.length > 0) assert.equal(error.cause, causes[0]);
        assert.match(error.message, reason);
        assert.match(error.message, /authlete-token\/slim/);
        assert.equal(await page.evaluate(() => globalThis.answer()), 500);
      };

      test("it says what failed, and the next call tries again", async () => {
        const page = await open();
        trouble = "missing";
        await refusal(page, /could not be fetched: HTTP status 404 for http:.*operations\.wasm/);
        trouble = "reset";
        await refusal(page, /could not be fetched from http:.*operations\.wasm/, "TypeError");
        // What servers of single-page applications send for any path.
        trouble = "page";
        await refusal(
          page,
          /could not be compiled: .*operations\.wasm must be the \.wasm file itself/,
          "CompileError",
        );
        trouble = "garbled";
        await refusal(page, /could not be compiled/, "CompileError");
        trouble = "half";
        await refusal(
          page,
          /could not be read to its end and compiled \(\w+\): http:.*operations\.wasm/,
        );
        trouble = undefined;
        await page.close();
      });

      test("a server that sends no media type for .wasm, or one with parameters, only makes it slower", async () => {
        for (trouble of ["plain", "parameter"]) {
          const page = await open();
          assert.deepEqual(await page.evaluate(() => globalThis.call()), { action: "OK" }, trouble);
          await page.close();
        }
        trouble = undefined;
      });

      test("in a browser without WebAssembly the error says so", async () => {
        const page = await browser.newPage();
        await page.addInitScript(() => delete globalThis.WebAssembly);
        await page.goto(site.url);
        await page.waitForFunction(() => "call" in globalThis);
        const error = await page.evaluate(() => globalThis.call());
        assert.equal(error.code, NOT_INITIALIZED);
        assert.match(error.message, /this runtime has no WebAssembly/);
        assert.equal(await page.evaluate(() => globalThis.answer()), 500);
        await page.close();
      });

      test("the module of something else is refused", async () => {
        const page = await open();
        trouble = "other";
        const error = await page.evaluate(() => globalThis.call());
        assert.deepEqual(
          [error.name, error.code, error.cause],
          ["AuthleteError", NOT_INITIALIZED, "TypeError"],
        );
        trouble = undefined;
        assert.deepEqual(await page.evaluate(() => globalThis.call()), { action: "OK" });
        await page.close();
      });

      test("a content security policy without 'wasm-unsafe-eval' is named as the reason", async () => {
        policy = "default-src 'self'; script-src 'self' 'nonce-page'; img-src data:";
        const page = await open();
        await refusal(
          page,
          /content security policy must allow 'wasm-unsafe-eval'/,
          "CompileError",
        );
        await page.close();
        policy =
          "default-src 'self'; script-src 'self' 'nonce-page' 'wasm-unsafe-eval'; img-src data:";
        const allowed = await open();
        assert.deepEqual(await allowed.evaluate(() => globalThis.call()), { action: "OK" });
        await allowed.close();
        policy = undefined;
      });
    });
  });
}
