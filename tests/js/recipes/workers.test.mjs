// The recipes that are workers, on workerd.
import test from "node:test";
import { assertInsecureRequests, assertServer, startAuthlete } from "./support.mjs";
import { startRecipe } from "./workerd.mjs";

const authlete = await startAuthlete();
test.after(() => authlete.close());

for (const name of ["cloudflare-workers.ts", "hono.ts"]) {
  test(`${name} on workerd issues a token, refuses a wrong secret and answers a preflight`, async (t) => {
    const worker = await startRecipe(name, authlete.env);
    t.after(() => worker.dispose());
    const { origin } = await worker.url;
    await assertServer(origin);
    await assertInsecureRequests(origin, false);
  });
}
