// The worker's Durable Object wakes up by itself to remove what has expired.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { demoAt } from "./support/demo.mjs";
import { demo as demoVariables, runWorker } from "./support/workerd.mjs";

const worker = await runWorker(demoVariables);
after(() => worker.dispose());
const demo = demoAt(worker.origin);
const issue = async () => {
  const answer = await demo.token("service", { grant_type: "client_credentials" });
  assert.equal(answer.status, 200);
  return answer.json().access_token;
};

/**
 * Opens two databases in the folder `state`: that of the object with the engine, and, next to it,
 * the one in which workerd keeps when to wake up which object.
 */
function databases(state) {
  const files = readdirSync(state, { recursive: true }).map((file) => join(state, file));
  for (const file of files.filter((file) => file.endsWith(".sqlite"))) {
    const engine = new DatabaseSync(file);
    const table = engine.prepare("SELECT 1 FROM sqlite_master WHERE name = ?");
    if (table.get("authlete_token_records")) {
      const alarms = new DatabaseSync(join(dirname(file), "metadata.sqlite"));
      return { engine, alarms, close: () => [engine, alarms].map((one) => one.close()) };
    }
    engine.close();
  }
  throw new Error("the engine has no database");
}

/** What is stored: how many records of tokens, and the minutes until the alarm. */
function stored(state) {
  const { engine, alarms, close } = databases(state);
  const { tokens } = engine
    .prepare("SELECT count(*) AS tokens FROM authlete_token_records WHERE kind <> 'signing_key'")
    .get();
  const rows = alarms.prepare("SELECT scheduled_time / 1000000 AS at FROM _cf_ALARM").all();
  close();
  return { tokens, minutes: rows.map(({ at }) => Math.round((at - Date.now()) / 60_000)) };
}

/** The same of a running worker, when it is as it should be. */
async function storedWhen(isReached) {
  for (const deadline = Date.now() + 20_000; ; await sleep(100)) {
    const copy = mkdtempSync(join(tmpdir(), "authlete-token-copy-"));
    try {
      cpSync(worker.state, copy, { recursive: true });
      const found = stored(copy);
      if (isReached(found) || Date.now() > deadline) return found;
    } catch (error) {
      // The worker was writing during the copy.
      if (Date.now() > deadline) throw error;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
}

/** One object is going to wake up, in about an hour. */
function assertAnHour({ minutes }) {
  assert.equal(minutes.length, 1);
  assert.ok(minutes[0] > 50 && minutes[0] <= 60, `in ${minutes[0]} minutes`);
}

/** Stops the worker, makes its tokens expired and the alarm due, and starts it again. */
async function anHourLater(change = "SELECT 1") {
  await worker.stop();
  const { engine, alarms, close } = databases(worker.state);
  engine.exec("UPDATE authlete_token_records SET expires_at = 1 WHERE kind <> 'signing_key'");
  engine.exec(change);
  // The object itself knows when it has to wake up, too.
  const due = (Date.now() - 1_000) * 1_000_000;
  engine.exec(`UPDATE _cf_METADATA SET value = ${due} WHERE key = 1`);
  alarms.exec(`UPDATE _cf_ALARM SET scheduled_time = ${due}`);
  close();
  // No request reaches the engine.
  await worker.start(undefined, ["GET /"]);
}

test("Expired tokens vanish without a request, and the object wakes up again an hour later", async () => {
  await issue();
  await issue();
  const before = await storedWhen(({ tokens }) => tokens >= 2);
  assert.ok(before.tokens >= 2);
  assertAnHour(before);
  await anHourLater();
  const later = await storedWhen(({ minutes }) => minutes[0] > 0);
  assert.equal(later.tokens, 0);
  assertAnHour(later);
  const token = await issue();
  assert.equal((await demo.userinfo(token)).status, 403, "a live token without the scope openid");
});

test("A clean-up that fails is in the log; the requests go on, and the object tries again an hour later", async () => {
  await issue();
  await anHourLater(
    "CREATE TRIGGER broken BEFORE DELETE ON authlete_token_records BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
  const failed = await storedWhen(({ minutes }) => minutes[0] > 0);
  assert.ok(failed.tokens > 0);
  assertAnHour(failed);
  const [line] = await worker.logged(/^.*"platform_failed".*$/m);
  const { failure, operation } = JSON.parse(line);
  assert.deepEqual([failure, operation], ["store_expire", "expire"]);
  await issue();
  await anHourLater("DROP TRIGGER broken");
  assert.equal((await storedWhen(({ minutes }) => minutes[0] > 0)).tokens, 0);
});

test("A request does not postpone the alarm", async () => {
  await worker.stop();
  const { engine, alarms, close } = databases(worker.state);
  const soon = (Date.now() + 600_000) * 1_000_000;
  engine.exec(`UPDATE _cf_METADATA SET value = ${soon} WHERE key = 1`);
  alarms.exec(`UPDATE _cf_ALARM SET scheduled_time = ${soon}`);
  close();
  await worker.start();
  await issue();
  const [minutes] = (await storedWhen(({ tokens }) => tokens > 0)).minutes;
  assert.ok(minutes > 0 && minutes <= 10, `in ${minutes} minutes`);
});
