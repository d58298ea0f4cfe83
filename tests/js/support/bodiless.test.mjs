// The behaviours without `body`, in a Node process of their own.
import test from "node:test";
import * as pkg from "authlete-token";
import * as enginePkg from "authlete-token/engine";
import { allBehaviours } from "./behaviours.mjs";
import { fixtures } from "./fixtures.mjs";
import { startLoopback } from "./loopback.mjs";

const loopback = await startLoopback();
test.after(() => loopback.close());

for (const { name, prove } of allBehaviours(
  { pkg, enginePkg },
  { suite: "without body", fixtures, ...loopback.addresses },
))
  test(name, prove);
