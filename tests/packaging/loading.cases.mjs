// How the WebAssembly module comes in: what the slim entry refuses, and what users read when the file can't be loaded.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchBrowser } from "../js/support/browser.mjs";
import { reportOf, withProject } from "./support/project.mjs";
import { startSite } from "./support/site.mjs";

const NOT_INITIALIZED = "ERR_AUTHLETE_NOT_INITIALIZED";
const importMap = { imports: { "authlete-token": "/node_modules/authlete-token/dist/entry/browser.js" } };
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

    test("calls before initializeWasm reject, those of the endpoint, too, and say what to do", () => {
      for (const { code, ours, message } of [report.early.operation, report.early.endpoint, report.stillEarly]) {
        assert.deepEqual({ code, ours }, { code: NOT_INITIALIZED, ours: true });
        assert.match(message, /initializeWasm\(module\)/);
      }
      assert.deepEqual(report.early.events, []);
    });

    test("initializeWasm refuses whatever is not operations.wasm, and keeps why out of sight", () => {
      for (const [name, error] of Object.entries(report.refused)) {
        assert.equal(error?.code, "ERR_AUTHLETE_CONFIG", name);
        assert.ok(error.ours, name);
        assert.match(error.message, /^module: /, name);
        assert.match(error.cause, /^(TypeError|CompileError|LinkError)$/, name);
        assert.equal(error.shown, false, name);
      }
      assert.equal(Object.keys(report.refused).length, 7);
    });

    test("after wrong ones the right module is taken, of another realm as well, and later calls change nothing", () => {
      // JSON has no undefined: nothing was thrown.
      assert.deepEqual([report.first ?? null, ...report.again], [null, null, null]);
      assert.deepEqual([report.action, report.status], ["OK", 200]);
    });
  });

  describe("a module file that can't be loaded", () => {
    const unanswered = {
      status: 500,
      body: '{"error":"server_error"}',
      events: [{ type: "upstream_failed", operation: "authToken", code: NOT_INITIALIZED }],
    };

    test("in Node.js rejects with the reason, answers 500 and tells onEvent, until the file is there", () =>
      withProject(packed, ["missing-file.mjs"], async ({ tool }) => {
        const { missing, garbled, swapped, repaired } = reportOf(await tool(process.execPath, ["missing-file.mjs"]));
        const reasons = [
          [missing, /could not be read: file:.*\.wasm.*authlete-token\/slim/, "ENOENT"],
          [garbled, /could not be compiled: file:.*\.wasm/, "CompileError"],
          [swapped, /could not be instantiated: .*version/, "TypeError"],
        ];
        for (const [{ operation, engine, endpoint }, reason, cause] of reasons) {
          for (const error of [operation, engine]) {
            assert.deepEqual({ name: error.name, code: error.code, cause: error.cause }, { name: "AuthleteError", code: NOT_INITIALIZED, cause });
            assert.match(error.message, reason);
          }
          assert.deepEqual(endpoint, unanswered);
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
            const bytes = (name) => readFileSync(join(folder, `node_modules/authlete-token/wasm/${name}.wasm`));
            const contents = { operations: bytes("operations"), engine: bytes("engine") };
            site = await startSite({ folder, intercept: (path, response) => intercepted(path, response, contents) });
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

      const send = (response, status, type, body) => response.writeHead(status, { "content-type": type }).end(body);
      const troubles = {
        missing: (response) => send(response, 404, "text/plain", "Not Found"),
        page: (response) => send(response, 200, "text/html", html),
        reset: (response) => response.socket.destroy(),
        other: (response, { engine }) => send(response, 200, "application/wasm", engine),
        garbled: (response) => send(response, 200, "application/wasm", "<!doctype html>"),
        plain: (response, { operations }) => send(response, 200, "text/plain", operations),
      };
      const intercepted = (path, response, contents) => {
        if (path === "/" && policy !== undefined) {
          response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy }).end(html);
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
      const refusal = async (page, reason, cause) => {
        const error = await page.evaluate(() => globalThis.call());
        assert.deepEqual([error.name, error.code, error.cause], ["AuthleteError", NOT_INITIALIZED, cause]);
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
        await refusal(page, /could not be compiled: .*operations\.wasm must be the file itself/, "CompileError");
        trouble = "garbled";
        await refusal(page, /could not be compiled/, "CompileError");
        trouble = "plain";
        assert.deepEqual(await page.evaluate(() => globalThis.call()), { action: "OK" }, "a server without a media type for .wasm");
        trouble = undefined;
        await page.close();
      });

      test("the module of something else is refused", async () => {
        const page = await open();
        trouble = "other";
        const error = await page.evaluate(() => globalThis.call());
        assert.deepEqual([error.name, error.code, error.cause], ["AuthleteError", NOT_INITIALIZED, "TypeError"]);
        trouble = undefined;
        assert.deepEqual(await page.evaluate(() => globalThis.call()), { action: "OK" });
        await page.close();
      });

      test("a content security policy without 'wasm-unsafe-eval' is named as the reason", async () => {
        policy = "default-src 'self'; script-src 'self' 'nonce-page'; img-src data:";
        const page = await open();
        await refusal(page, /content security policy must allow 'wasm-unsafe-eval'/, "CompileError");
        await page.close();
        policy = "default-src 'self'; script-src 'self' 'nonce-page' 'wasm-unsafe-eval'; img-src data:";
        const allowed = await open();
        assert.deepEqual(await allowed.evaluate(() => globalThis.call()), { action: "OK" });
        await allowed.close();
        policy = undefined;
      });
    });
  });
}
