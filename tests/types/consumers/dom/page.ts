// A page or a service worker: the DOM's types, and no others.
import { AuthleteClient, handleTokenRequest, initializeWasm } from "authlete-token/slim";

initializeWasm(await WebAssembly.compileStreaming(fetch("/operations.wasm")));

const authlete = new AuthleteClient({
  serviceId: "1",
  bearer: "dev",
  serverURL: "http://localhost:8789",
  fetch: window.fetch.bind(window),
});

addEventListener("fetch", (event) => {
  const { request, respondWith } = event as Event & {
    readonly request: Request;
    respondWith(response: Promise<Response>): void;
  };
  respondWith(handleTokenRequest(request, { authlete, onEvent: console.log }));
});
