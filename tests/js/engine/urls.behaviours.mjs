// The hosts that the engine accepts in its own URLs are those that URL readers take as they are
// written: the vectors that the Rust tests use, too.
import { equal, ok, rejection } from "../support/assert.mjs";

export function behaviours({ enginePkg, fixtures }) {
  const { vectors } = fixtures.find(({ name }) => name === "vectors.url").json;

  return {
    "URL readers find the host that the vectors say, and the engine accepts none that they refuse or change":
      () => {
        for (const { url, host, accepted } of vectors) {
          equal(URL.canParse(url) ? new URL(url).host : null, host, url);
          if (accepted) ok(url.includes(`//${host}`), url);
        }
      },

    "the engine accepts and refuses the URLs of the vectors": async () => {
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
