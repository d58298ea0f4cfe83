// The place that is this tab: the whole authorization server runs in the page, with its engine in
// memory. Nothing is sent anywhere.
import { respond } from "../src/app";
import { configOf, type Env } from "../src/config";
import { newTraceId, traceHeader } from "../src/playground-request";
import { Recorder } from "../src/recorder";
import type { Host } from "../src/site";
import type { Answer, Place } from "./model";
import { follow, issuer } from "./tab-browser";
import { showLogin } from "./tab-login";

/** Starts the server. */
export async function tabPlace(): Promise<Place> {
  if (!isSecureContext)
    throw new Error(
      "The engine can't run in this page, which came neither over https nor from localhost.",
    );
  const env: Env = { DEMO: "1", ISSUER: issuer };
  const recorder = await started(env);
  const host: Host = {
    env,
    backend: (_issuer, trace = newTraceId()) => ({
      ...recorder.operations(trace),
      recorded: async (id) => recorder.entries(id),
    }),
    playground: true,
  };
  const setup = await respond(new Request(`${issuer}/playground/setup`), host);
  const visit = (request: Request) => follow(request, host);
  return {
    mode: "tab",
    setup: await setup.json(),
    async send(request: Request): Promise<Answer> {
      const trace = newTraceId();
      const headers = new Headers(request.headers);
      headers.set(traceHeader, trace);
      const started = performance.now();
      const { response, url } = await visit(new Request(request, { headers }));
      const durationMs = performance.now() - started;
      return { response, url, entries: recorder.entries(trace) ?? [], durationMs };
    },
    ask: async (request) => (await visit(request)).response,
    login: (url, signal) => showLogin(url, signal, visit),
  };
}

/** The server's engine and endpoint, once their WebAssembly is loaded. */
async function started(env: Env): Promise<Recorder> {
  // The endpoint's is only loaded for a request: one that it refuses will do.
  const url = `${issuer}/token`;
  const probe = { method: "PUT", url, headers: {}, body: new Uint8Array() };
  const recorder = await Recorder.start(env, configOf(env, issuer), {}).catch(() => undefined);
  const answer = await recorder?.operations(newTraceId()).token(probe);
  // Such as `server_error`, which does not say why.
  if (recorder === undefined || answer === undefined || answer.status >= 500)
    throw new Error("The engine could not be loaded: check the connection, then try again.");
  return recorder;
}
