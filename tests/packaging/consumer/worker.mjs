// A Cloudflare Worker.
import * as pkg from "authlete-token";
import * as engine from "authlete-token/engine";
import { scenario } from "./scenario.mjs";

export default {
  fetch: async (_request, env) => Response.json(await scenario(pkg, engine, env.SERVER_URL)),
};
