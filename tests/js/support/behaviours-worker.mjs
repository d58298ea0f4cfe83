// A worker that lists and runs the behaviours of a suite on request.
import * as pkg from "authlete-token";
import * as enginePkg from "authlete-token/engine";
import { allBehaviours, outcome } from "./behaviours.mjs";

const strays = [];
addEventListener("unhandledrejection", (event) => strays.push(String(event.reason)));
addEventListener("error", (event) => strays.push(String(event.error ?? event.message)));

let all;

export default {
  async fetch(request) {
    const url = new URL(request.url);
    // Always read it: the connection of a request that is answered unread is closed.
    const kit = await request.text();
    all ??= allBehaviours({ pkg, enginePkg }, JSON.parse(kit));
    return Response.json(
      url.pathname === "/names"
        ? all.map(({ name }) => name)
        : await outcome(all[url.search.slice(1)], strays),
    );
  },
};
