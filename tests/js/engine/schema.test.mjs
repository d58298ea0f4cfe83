// The JSON Schema of the configuration document: it and the engine accept and refuse the same, as
// far as a schema can express it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createEngine } from "authlete-token/engine";
import Ajv from "ajv/dist/2020.js";
import { fixtures } from "../support/fixtures.mjs";

const schema = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("authlete-token/engine.schema.json"), "utf8"),
);
// Strict mode: a keyword that is misspelled, or has no effect in its place, is an error.
const validate = new Ajv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
}).compile(schema);
const { base, accepted, refused } = fixtures.find(
  ({ name }) => name === "vectors.engineConfiguration",
).json;

/** The base with other members in the object at a JSON Pointer. */
function changed({ at, members }) {
  const config = structuredClone(base);
  const object = at
    .split("/")
    .slice(1)
    .reduce((inner, name) => inner[name], config);
  Object.assign(object, members);
  return config;
}

test("what the engine accepts, the schema accepts", async () => {
  for (const vector of accepted) {
    const config = changed(vector);
    await createEngine(config);
    assert.ok(validate(config), `${JSON.stringify(vector)}: ${JSON.stringify(validate.errors)}`);
  }
});

test("what the engine refuses, the schema refuses, if a schema can express it", async () => {
  for (const vector of refused) {
    const config = changed(vector);
    await assert.rejects(createEngine(config), {
      code: "ERR_AUTHLETE_CONFIG",
      message: vector.message,
    });
    assert.equal(
      validate(config),
      vector.schemaAccepts === true,
      `${JSON.stringify(vector)}: ${JSON.stringify(validate.errors)}`,
    );
  }
});

test("for any value of a member, the schema does not refuse what the engine accepts", async () => {
  const values = [
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    1e20,
    "",
    "a",
    "a b",
    "ü",
    "7",
    "https://a/?b",
    "com.example:/a",
    [],
    [null],
    ["a"],
    ["password"],
    {},
    { keys: [] },
  ];
  const { ServiceConfig, ClientConfig, SigningJwkSet, SigningJwk } = schema.$defs;
  const objects = {
    "": schema,
    "/service": ServiceConfig,
    "/clients/0": ClientConfig,
    "/jwks": SigningJwkSet,
    "/jwks/keys/0": SigningJwk,
  };
  let agreed = 0;
  for (const [at, { properties }] of Object.entries(objects)) {
    for (const name of [
      ...Object.keys(properties),
      "unheard_of",
      "client_name#",
      "client_name#ja",
      "contacts#ja",
    ]) {
      for (const value of values) {
        const config = changed({ at, members: { [name]: value } });
        const isAccepted = await createEngine(config).then(
          () => true,
          ({ code }) => code !== "ERR_AUTHLETE_CONFIG",
        );
        if (!isAccepted) continue;
        assert.ok(
          validate(config),
          `${at}/${name}: ${JSON.stringify(value)}: ${JSON.stringify(validate.errors)}`,
        );
        agreed += 1;
      }
    }
  }
  assert.ok(agreed > 500, `${agreed} accepted configurations`);
});

test("the schema accepts the engine's own URLs that the engine accepts, and refuses those that a browser can't read, except odd numbers in the host", () => {
  const { vectors } = fixtures.find(({ name }) => name === "vectors.url").json;
  for (const { url, host, accepted: isAccepted } of vectors) {
    const config = changed({ at: "/service", members: { issuer: url, tokenEndpoint: url } });
    const oddNumber = /^https:\/\/[0-9a-z.]+$|:65536$/.test(url);
    if (isAccepted) assert.ok(validate(config), url);
    else if (host === null && !oddNumber) assert.ok(!validate(config), url);
  }
});

test("every member in the schema has a description, and every object names its members", () => {
  for (const object of [schema, ...Object.values(schema.$defs)]) {
    assert.ok(
      object.description.length > 0 && Object.keys(object.properties).length > 0,
      object.title,
    );
    for (const [name, { description }] of Object.entries(object.properties))
      assert.ok(description?.length > 0, `${object.title}.${name}`);
  }
});
