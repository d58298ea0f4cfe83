// The worker: the app over the engine in its Durable Object, and over the built files.
import { respond } from "./app";
import { ObjectBackend, type WorkerEnv } from "./engine-object";

export { EngineObject } from "./engine-object";

export default {
  fetch(request, env): Promise<Response> {
    return respond(request, {
      env,
      backend: (issuer, trace) => new ObjectBackend(env, issuer, trace),
      file: (name, { url, method, headers }) =>
        env.ASSETS.fetch(new URL(`/${name}`, url), { method, headers }),
    });
  },
} satisfies ExportedHandler<WorkerEnv>;
