// The worker example as Cloudflare calls it after a TLS connection with a client certificate: the
// header `x-test-tls` stands for the connection.
import worker from "../../../../worker-example/src/index";

export { EngineObject } from "../../../../worker-example/src/index";

type Env = Parameters<typeof worker.fetch>[1];

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const tlsClientAuth = JSON.parse(request.headers.get("x-test-tls") ?? "null");
    const connected = new Request(request, { cf: { tlsClientAuth } } as never);
    return worker.fetch(connected as never, env, undefined as never);
  },
};
