// Uses the engine's slim entry in every wrong way, then in the right one, and reports the outcomes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { AuthleteError, createEngine, initializeWasm } from "authlete-token/engine/slim";

const { resolve } = createRequire(import.meta.url);
const bytesOf = (name) => readFileSync(resolve(`authlete-token/${name}.wasm`));
const told = (error) => ({
  code: error.code,
  ours: error instanceof AuthleteError,
  message: error.message,
  cause: error.cause?.name,
});
const create = () =>
  createEngine({
    service: { serviceId: "1", bearer: "b", issuer: "http://localhost" },
    clients: [],
  }).then(() => "created", told);
const thrown = (module) => {
  try {
    initializeWasm(module);
  } catch (error) {
    return told(error);
  }
};

const early = await create();
const refused = [
  undefined,
  "/engine.wasm",
  new TextEncoder().encode("<!doctype html>"),
  bytesOf("operations"),
].map(thrown);
const first = thrown(bytesOf("engine"));
console.log(
  JSON.stringify({ early, refused, first, again: thrown(undefined), created: await create() }),
);
