// The engine accepts in its own URLs only hosts that URL parsers don't change: tested with the
// vectors that the Rust tests also use.
import { equal, ok, rejection } from "../support/assert.mjs";

export function behaviours({ enginePkg, fixtures }) {
  const { vectors } = fixtures.find(({ name }) => name === "vectors.url").json;

  return {
    "URL parsers find the host in the vectors, and the engine accepts none that they refuse or change":
      () => {
        for (const { url, host, accepted } of vectors) {
          equal(URL.canParse(url) ? new URL(url).host : null, host, url);
          if (accepted) ok(url.includes(`//${host}`), url);
        }
      },

    "the engine accepts and refuses URLs as in the vectors": async () => {
      for (const { url, accepted } of vectors) {
        const started = enginePkg.createEngine({
          service: { serviceId: "1", bearer: "b", issuer: url, supportedScopes: [] },
        });
        if (accepted) await started;
        else equal((await rejection(started)).code, "ERR_AUTHLETE_CONFIG", url);
      }
    },
  };
}
