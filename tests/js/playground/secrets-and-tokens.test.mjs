// What the playground shows of secrets, and what it says about tokens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playgroundModules } from "./support/modules.mjs";

const { decodeJwt, durationText, isSecret, masked, relativeTime, timeOf, urlPieces } =
  await playgroundModules("ui/jwt", "ui/mask");

test("everything with which somebody could act as the client or the user is a secret", () => {
  const secrets =
    "Authorization DPoP client_secret clientSecret password code code_verifier access_token refresh_token id_token client_assertion ticket token OAuth-Client-Attestation-PoP Set-Cookie";
  for (const name of secrets.split(" ")) assert.ok(isSecret(name), name);
  for (const name of ["client_id", "scope", "state", "code_challenge", "dpop-nonce", "username"])
    assert.ok(!isSecret(name), name);
});

test("a mask shows the end of a long random value, and nothing of what people choose", () => {
  const token = "FlKgsZhHZn3F_s9b2CW1CAVU3TY4";
  assert.equal(masked("access_token", token), "••••••3TY4");
  assert.equal(masked("authorization", `DPoP ${token}`), "DPoP ••••••3TY4");
  assert.equal(
    masked("authorization", `Basic ${btoa("web-app:web-app-demo-secret")}`),
    "Basic ••••••",
  );
  assert.equal(masked("password", "correct horse battery staple"), "••••••");
  assert.equal(masked("code", "short"), "••••••");
});

test("the secrets of an address are apart, and together its pieces are the address", () => {
  const url = "http://localhost/callback?code=a%2Fb&state=s&id_token_hint=x.y.z#top";
  const pieces = urlPieces(url);
  assert.equal(pieces.map(({ text }) => text).join(""), url);
  assert.deepEqual(
    pieces.filter(({ secret }) => secret).map(({ secret, text }) => [secret, text]),
    [
      ["code", "a%2Fb"],
      ["id_token_hint", "x.y.z"],
    ],
  );
  assert.deepEqual(urlPieces("http://localhost/token"), [{ text: "http://localhost/token" }]);
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a JWT is read with every character of its claims; anything else is opaque", () => {
  const claims = { name: "Zoë 🙂", exp: 1796056073 };
  const jwt = `${part({ alg: "ES256" })}.${part(claims)}.c2ln`;
  assert.deepEqual(decodeJwt(jwt), { header: { alg: "ES256" }, claims });
  const opaque = [
    "FlKgsZhHZn3F_s9b2CW1CAVU3TY4",
    "a.b.c",
    `${part({ typ: "JWT" })}.${part(claims)}.c2ln`,
    `${part({ alg: "ES256" })}.${part([1])}.c2ln`,
    `${part({ alg: "ES256" })}.${Buffer.from([0x22, 0xff, 0x22]).toString("base64url")}.c2ln`,
  ];
  for (const text of opaque) assert.equal(decodeJwt(text), undefined, text);
});

test("times are told apart from other numbers, and said in words", () => {
  assert.equal(timeOf("exp", 1796056073).toISOString(), "2026-11-30T16:27:53.000Z");
  for (const [claim, value] of [
    ["expires_in", 3600],
    ["exp", "soon"],
    ["exp", 1e300],
  ])
    assert.equal(timeOf(claim, value), undefined, claim);
  const now = new Date("2026-11-30T16:00:00Z");
  const said = (seconds) => relativeTime(new Date(now.getTime() + seconds * 1000), now);
  assert.equal(said(300), "in 5 minutes");
  assert.equal(said(299), "in 5 minutes");
  assert.equal(said(-7200), "2 hours ago");
  assert.equal(said(3599), "in 1 hour");
  assert.equal(said(30), "in 30 seconds");
  assert.equal(durationText(3600), "1 hour");
  assert.equal(durationText(86400 * 2), "2 days");
  assert.equal(durationText(90), "90 seconds");
});
