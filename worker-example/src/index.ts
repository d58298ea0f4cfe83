// The worker: the app over the engine in its Durable Object, and over the built files.
import style from "../dist/style.css";
import { respond } from "./app";
import { ObjectBackend, type WorkerEnv } from "./engine-object";

export { EngineObject } from "./engine-object";

export default {
  fetch(request, env): Promise<Response> {
    const { PLAYGROUND } = env;
    return respond(request, {
      env,
      backend: (issuer, trace) => new ObjectBackend(env, issuer, trace),
      playground: PLAYGROUND !== undefined,
      style,
      ...(PLAYGROUND && { file: (name) => PLAYGROUND.fetch(`http://playground/${name}`) }),
    });
  },
} satisfies ExportedHandler<WorkerEnv>;
