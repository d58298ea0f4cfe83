// The behaviours of every host, in Node. An unhandled error fails the test by itself here.
import test from "node:test";
import { inspect } from "node:util";
import * as pkg from "authlete-token";
import * as enginePkg from "authlete-token/engine";
import { allBehaviours } from "./behaviours.mjs";
import { fixtures } from "./fixtures.mjs";
import { startLoopback } from "./loopback.mjs";

const loopback = await startLoopback();
test.after(() => loopback.close());

for (const { name, prove } of allBehaviours(
  { pkg, enginePkg },
  { suite: "as it is", fixtures, inspect, ...loopback.addresses },
))
  test(name, prove);
