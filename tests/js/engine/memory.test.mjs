// The engine over its default store, in Node.
import test from "node:test";
import * as pkg from "authlete-token";
import * as enginePkg from "authlete-token/engine";
import { behaviours } from "./engine.behaviours.mjs";

for (const [name, prove] of Object.entries(behaviours({ pkg, enginePkg, storage: () => ({}) }))) test(name, prove);
