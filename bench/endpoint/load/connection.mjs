// One keep-alive connection with one request in flight.
import { Client } from "undici";

/** Connects to `origin`; `post(body)` resolves to the JSON of a 200. */
export function connect(origin, path, headers) {
  const client = new Client(origin, { pipelining: 1, headersTimeout: 10_000, bodyTimeout: 10_000 });
  const post = (body) =>
    new Promise((resolve, reject) => {
      client.dispatch(
        { method: "POST", path, headers, body },
        {
          onRequestStart() {},
          onResponseStart(_controller, status) {
            this.status = status;
          },
          onResponseData(_controller, chunk) {
            this.body = this.body === undefined ? chunk : Buffer.concat([this.body, chunk]);
          },
          onResponseEnd() {
            const text = this.body?.toString() ?? "";
            if (this.status === 200) resolve(JSON.parse(text));
            else reject(new Error(`${this.status} ${text}`));
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
    });
  return { post, close: () => client.close() };
}
