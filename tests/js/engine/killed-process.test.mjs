// A process is killed (SIGKILL) before or after each statement of a request, over a file of SQLite.
// Another process goes on with the file: no token is lost that was given out, and none is doubled.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { newerNode } from "../../../xtask/newer-node.mjs";

const folder = mkdtempSync(join(tmpdir(), "authlete-token-"));
test.after(() => rmSync(folder, { recursive: true }));

/** Runs a task in a process of its own, and returns what it said, and how it ended. */
async function run(task, argument) {
  const script = fileURLToPath(new URL("killed-process-child.mjs", import.meta.url));
  const child = spawn(newerNode(), ["--no-warnings", script, JSON.stringify({ task, argument })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  const [status, signal] = await new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (...end) => resolve(end));
  });
  assert.ok(status === 0 || signal === "SIGKILL", `${task} ended with ${status ?? signal}`);
  const said = text.trim().split("\n");
  return { isKilled: signal !== null, said: said.map((line) => JSON.parse(line)) };
}

const base = join(folder, "base.db");
const { said } = await run("prepare", { file: base });
const [given] = said;

/** Kills a process at every statement of a request, and lets one more complete it. */
async function killed(name) {
  const cases = [];
  for (const after of [false, true]) {
    let isDurable = false;
    for (let at = 1; ; at += 1) {
      const file = join(folder, `${name}-${at}-${after}.db`);
      copyFileSync(base, file);
      const { isKilled, said } = await run("request", { file, name, given, at, after });
      const [{ statement, answer }] = said;
      assert.equal(isKilled, answer === undefined);
      // Everything that a request writes is in one statement, and before it nothing is written.
      const isDone = isDurable || answer !== undefined || (after && statement === "INSERT");
      cases.push({
        file,
        name,
        at: `${statement ?? "the answer"} ${at}`,
        after,
        isDone,
        given: { ...given, answer },
      });
      if (!isKilled) break;
      isDurable ||= statement === "INSERT";
    }
    assert.ok(isDurable, "a statement that writes");
  }
  const { said } = await run("examine", cases);
  return cases.map((one, n) => ({ ...one, found: said[n] }));
}

const isOk = ({ action }) => action === "OK" || action === "ID_TOKEN_REISSUABLE";
const isGone = (answer) => {
  assert.equal(answer.action, "BAD_REQUEST");
  assert.equal(JSON.parse(answer.responseContent).error, "invalid_grant");
};

/** What is found after a request that was done, whether or not its answer arrived. */
const done = {
  code({ before, repeated, after }) {
    assert.equal(before, 1);
    isGone(repeated);
    assert.equal(after, 0, "without PKCE nobody can tell who repeats it");
  },
  refresh({ old, before, repeated, after }) {
    assert.deepEqual([old, before], [false, 1]);
    isGone(repeated);
    assert.equal(after, 0);
  },
  "repeatable refresh"({ old, before, repeated, again, after, good }, answer) {
    assert.deepEqual([old, before], [false, 1]);
    assert.ok(isOk(repeated));
    assert.equal(repeated.previousRefreshTokenUsed, true);
    for (const other of answer === undefined ? [again] : [again, answer])
      assert.deepEqual(
        [other.accessToken, other.refreshToken],
        [repeated.accessToken, repeated.refreshToken],
      );
    assert.deepEqual([after, good], [1, true]);
  },
  ticket({ before, repeated, after }) {
    assert.equal(before, 1);
    assert.equal(repeated.resultCode, "A049209");
    assert.equal(after, 1, "they are there once");
  },
};

const names = Object.keys(done);
const all = await Promise.all(names.map(killed));
for (const [n, name] of names.entries())
  test(`a ${name} brings its tokens once, at whichever statement the process is killed`, () => {
    for (const { at, after, isDone, given, found } of all[n]) {
      const when = `killed ${after ? "after" : "before"} ${at}: ${JSON.stringify(found)}`;
      try {
        if (isDone) done[name](found, given.answer);
        else {
          assert.equal(found.old, true, "the tokens from before");
          assert.equal(found.before, name.endsWith("refresh") ? 1 : 0);
          assert.ok(isOk(found.repeated));
          assert.deepEqual([found.good, found.after], [true, 1]);
        }
        if (given.answer !== undefined) assert.equal(found.given, true, "what was given out");
        assert.ok(isOk({ action: found.next }), "the next login");
      } catch (error) {
        error.message = `${when}: ${error.message}`;
        throw error;
      }
    }
  });
