// The place that is the worker which served this page: requests go to it over HTTP, and the login
// page opens in a window of its own.
import { newTraceId, traceHeader } from "../src/playground-request";
import type { Answer, Place, Setup } from "./model";

/** How the page at the redirect URI tells this one that the browser has come back. */
const channelName = "authlete-token-playground";

/** The answers have nothing to do with cookies, and a refusal opens no password box. */
const plain = { credentials: "omit", cache: "no-store" } as const;

/** Asks the worker how it is set up. */
export async function workerPlace(): Promise<Place> {
  const answer = await reach(new Request(new URL("playground/setup", document.baseURI)));
  if (!answer.ok)
    throw new Error(`The worker does not say how it is set up (status ${answer.status}).`);
  const setup: Setup = await answer.json();
  const issuer = new URL(setup.issuer);
  // Redirect URIs, proofs and the login belong to the issuer's origin.
  if (issuer.origin !== location.origin)
    throw new Error(`This server's own address is ${issuer.href}: open the playground there.`);
  return { mode: "worker", setup, send, ask: reach, login };
}

async function send(request: Request) {
  const headers = new Headers(request.headers);
  const id = newTraceId();
  headers.set(traceHeader, id);
  const start = performance.now();
  const response = await reach(new Request(request, { redirect: "follow", headers }));
  await response.clone().arrayBuffer();
  const durationMs = performance.now() - start;
  const { signal } = request;
  return { response, url: response.url, entries: await traceOf(id, signal), durationMs };
}

/** Sends a request. The browser's own error, such as “Failed to fetch”, would tell nothing. */
async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request, plain);
  } catch {
    request.signal.throwIfAborted();
    throw new Error(`There is no answer from ${new URL(request.url).origin}: is it still running?`);
  }
}

/** What happened at the server, if it tells: the answer to the request is there in any case. */
async function traceOf(id: string, signal: AbortSignal): Promise<Answer["entries"]> {
  const headers = { [traceHeader]: id };
  const address = new URL("playground/trace", document.baseURI);
  try {
    const answer = await reach(new Request(address, { headers, signal }));
    return answer.ok ? (await answer.json()).entries : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function login(url: string, signal: AbortSignal): Promise<URL> {
  const state = new URL(url).searchParams.get("state");
  return new Promise((resolve, reject) => {
    const opened = window.open(url, "_blank", "popup,width=480,height=720");
    if (opened === null) {
      reject(new Error("The browser has not opened a window: allow it, then try again."));
      return;
    }
    const channel = new BroadcastChannel(channelName);
    const ended = new AbortController();
    const end = (act: () => void) => {
      channel.close();
      clearInterval(watch);
      ended.abort();
      act();
    };
    channel.onmessage = ({ data }) => {
      // Windows tell of what came back; other tabs of the playground, of what they have taken.
      if (typeof data.url !== "string") return;
      const back = new URL(data.url);
      if (back.searchParams.get("state") !== state) return;
      channel.postMessage({ taken: data.url });
      end(() => resolve(back));
    };
    // A window that closes by itself has sent its message before: that gets one interval more.
    let closed = false;
    const watch = setInterval(() => {
      if (closed) end(() => reject(new Error("The login window was closed: open it again.")));
      closed = opened.closed;
    }, 500);
    const stop = () => {
      opened.close();
      end(() => reject(signal.reason));
    };
    signal.addEventListener("abort", stop, { once: true, signal: ended.signal });
  });
}
