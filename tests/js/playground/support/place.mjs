// The running worker as the playground's page sees it, from Node.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { browser, goesOn } from "../../worker/support/pages.mjs";

/** The place that is the worker at `origin`; its user logs in as alice. */
export async function nodePlace(origin) {
  const setup = await (await fetch(`${origin}/playground/setup`)).json();

  async function send(request) {
    const headers = new Headers(request.headers);
    const trace = { "playground-trace": randomBytes(16).toString("hex") };
    headers.set("playground-trace", trace["playground-trace"]);
    const response = await fetch(new Request(request, { headers, redirect: "follow" }));
    const record = await fetch(`${origin}/playground/trace`, { headers: trace });
    const { entries } = record.ok ? await record.json() : { entries: [] };
    return { response, url: response.url, entries, durationMs: 0 };
  }

  const ask = (request) => fetch(request);
  return { mode: "worker", setup, send, ask, login: (url) => loggedIn(origin, url) };
}

/** Opens the login page and fills it in: where the browser then goes. */
export async function loggedIn(origin, url) {
  const user = browser(origin);
  const { pathname, search } = new URL(url);
  const page = await user.visit(`${pathname}${search}`);
  assert.equal(page.status, 200, page.text);
  const fields = { username: "alice", password: "alice-demo-password", decision: "allow" };
  return goesOn(await user.submit(page, fields)).location;
}

/** Runs a flow to its end, and opens each login: the last state. */
export function ran(startRun, flow, place, choices = {}) {
  return new Promise((resolve) => {
    const all = { ...defaults(flow, place.setup, choices), ...choices };
    startRun(flow, all, place, (state) => {
      if (state.status === "waiting") state.steps.at(-1).openLogin();
      if (!["running", "waiting"].includes(state.status)) resolve(state);
    });
  });
}

/** What the page chooses by itself. */
export function defaults(flow, setup, choices = {}) {
  return Object.fromEntries(flow.options(setup, choices).map(({ name, value }) => [name, value]));
}
