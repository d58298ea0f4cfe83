// The contenders: each makes the same call over the same stub, and gives the answer as an object.
import { Authlete, HTTPClient } from "@authlete/typescript-sdk";
import { AuthleteClient, authToken } from "authlete-token";
import { check, request, service, stub, url } from "./exchange.mjs";

const headers = { authorization: `Bearer ${service.bearer}`, accept: "application/json", "content-type": "application/json" };

/** What one writes by hand. */
function floor(fetch) {
  return async () => {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(request) });
    return response.json();
  };
}

/** The same with a deadline, the short way. Its timers outlive the calls. */
function floorDeadline(fetch) {
  return async () => {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(request), signal });
    return response.json();
  };
}

/** The same with a deadline that leaves nothing behind. */
function floorCleared(fetch) {
  return async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 10_000);
    try {
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(request), signal: controller.signal });
      return await response.json();
    } finally {
      clearTimeout(timer);
    }
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The same with the guarantees of this package's transport, in plain JavaScript: deadline, no redirect, size cap, strict UTF-8, numbers that would be rounded. */
function guarded(fetch) {
  return async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 10_000);
    try {
      const init = { method: "POST", headers, body: JSON.stringify(request), signal: controller.signal, redirect: "manual" };
      const response = await fetch(url, init);
      if (response.status !== 200 || !response.headers.get("content-type")?.startsWith("application/json")) throw new Error("no answer");
      const length = Number(response.headers.get("content-length") ?? Number.NaN);
      if (!(length <= 1_048_576) || response.headers.get("content-encoding") !== null) throw new Error("this contender reads whole bodies only");
      const text = decoder.decode(await response.arrayBuffer());
      if (/[[:,]\s*-?(?:\d{16}|\d[\d.]*[eE])/.test(text)) throw new Error("a number that would be rounded");
      const answer = JSON.parse(text);
      if (typeof answer.action !== "string") throw new Error("no action");
      return answer;
    } finally {
      clearTimeout(timer);
    }
  };
}

function ours(fetch) {
  const authlete = new AuthleteClient({ ...service, fetch });
  return () => authToken(authlete, request);
}

function sdk(fetch) {
  const { serverURL, bearer, serviceId } = service;
  const authlete = new Authlete({ serverURL, bearer, httpClient: new HTTPClient({ fetcher: fetch }) });
  return () => authlete.token.process({ serviceId, tokenRequest: request });
}

/** By id: what the table says of it, whether answers carry a `content-length`, and how to make it over a `fetch`. */
export const contenders = {
  floor: { label: "by hand: fetch and JSON", withLength: true, make: floor },
  floorDeadline: { label: "by hand, AbortSignal.timeout", withLength: true, make: floorDeadline },
  floorCleared: { label: "by hand, AbortController and timer", withLength: true, make: floorCleared },
  guarded: { label: "by hand, the guarantees of authlete-token", withLength: true, make: guarded },
  ours: { label: "authlete-token", withLength: true, make: ours },
  oursUnframed: { label: "authlete-token, no content-length", withLength: false, make: ours },
  sdk: { label: "@authlete/typescript-sdk", withLength: true, make: sdk },
};

const made = new Map();

/** Makes `calls` calls, one after the other. */
export async function run(id, calls) {
  if (!made.has(id)) {
    const { make, withLength } = contenders[id];
    await check(make, withLength);
    made.set(id, make(stub(withLength)));
  }
  const call = made.get(id);
  for (let n = 0; n < calls; n += 1) await call();
}
