// Links to what is on the playground's screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playgroundModules } from "./support/modules.mjs";

const { hashOf, readHash, resolved } = await playgroundModules("ui/link");

const offered = (...values) => values.map((value) => ({ value, label: value }));
const flow = {
  id: "dpop",
  options: (_setup, { client }) => [
    { name: "client", label: "Client", kind: "select", values: offered("a", "b"), value: "a" },
    { name: "scope", label: "Scope", kind: "text", value: client === "b" ? "write" : "read" },
    { name: "nonce", label: "Nonce", kind: "checkbox", value: "yes" },
    ...(client === "b"
      ? [
          { name: "key", label: "Key", kind: "select", values: offered("EC", "RSA"), value: "EC" },
          { name: "client_secret", label: "Secret", kind: "secret", value: "" },
        ]
      : []),
  ],
};
const read = (hash) => readHash(hash, [flow], {});
const link = (chosen, run = true) => {
  const { options, choices } = resolved(flow, {}, chosen);
  return hashOf(flow, options, choices, run);
};

test("a link restores the flow, every choice, and that it ran", () => {
  const chosen = { client: "b", scope: "a b&c#d", nonce: "", key: "RSA", client_secret: "" };
  const { choices, run, trouble } = read(link(chosen));
  assert.deepEqual(resolved(flow, {}, choices).choices, chosen);
  assert.equal(run, true);
  assert.equal(trouble, undefined);
  assert.equal(read(link(chosen, false)).run, false);
});

test("a link is short: it names only what differs from the flow's own values", () => {
  assert.equal(link({ client: "a", scope: "read" }), "#flow=dpop&run");
  assert.equal(link({ client: "b", scope: "write" }, false), "#flow=dpop&client=b");
});

test("a link has no secret, and none is taken from one", () => {
  assert.doesNotMatch(link({ client: "b", client_secret: "s3cret" }), /s3cret/);
  const { choices, trouble } = read("#flow=dpop&client=b&client_secret=s3cret");
  assert.equal(choices.client_secret, undefined);
  assert.match(trouble, /client_secret/);
  assert.doesNotMatch(trouble, /s3cret/);
});

test("unknown names and values are ignored, and named in a sentence", () => {
  const { choices, trouble } = read("#flow=dpop&client=nobody&color=red&nonce=maybe&scope=x");
  assert.deepEqual(choices, { scope: "x" });
  assert.match(trouble, /client, color, nonce/);
  const unknown = read("#flow=nothing&run");
  assert.equal(unknown.flow, undefined);
  assert.match(unknown.trouble, /nothing/);
  for (const hash of ["#%%%", "#run", "#client=b"])
    assert.match(read(hash).trouble, /names no flow/, hash);
  for (const hash of ["", "#"]) assert.equal(read(hash), undefined);
});

test("what was not chosen follows another choice", () => {
  const scopeOf = (chosen) => resolved(flow, {}, chosen).choices.scope;
  assert.equal(scopeOf({ client: "b" }), "write");
  assert.equal(scopeOf(read(link({ client: "b" })).choices), "write");
  assert.equal(scopeOf({ client: "b", scope: "own" }), "own");
});

test("a choice that another choice rules out gives way to the option's own value", () => {
  const own = resolved(flow, {}, { client: "b", key: "Ed25519" });
  assert.equal(own.choices.key, "EC");
  assert.deepEqual(Object.keys(resolved(flow, {}, { client: "a", key: "RSA" }).choices), [
    "client",
    "scope",
    "nonce",
  ]);
});
