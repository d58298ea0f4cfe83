// The worker example, and an address that reaches its Durable Object as an alarm does: by an ID
// without the object's name.
import worker from "../../../../worker-example/src/index";

export { EngineObject } from "../../../../worker-example/src/index";

type Env = Parameters<typeof worker.fetch>[1];

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, origin } = new URL(request.url);
    if (pathname !== "/by-id") return worker.fetch(request as never, env, undefined as never);
    const id = String(env.ENGINE.idFromName(origin));
    const answer = await env.ENGINE.get(env.ENGINE.idFromString(id)).metadata();
    return Response.json(answer);
  },
};
