// The worker example as `npm start` runs it, on workerd, through its public HTTP. One worker serves
// all cases.
import { after, test } from "node:test";
import { authorizationCases } from "./authorization.cases.mjs";
import { clientAuthenticationCases } from "./client-authentication.cases.mjs";
import { dpopCases } from "./dpop.cases.mjs";
import { grantCases } from "./grants.cases.mjs";
import { introspectionCases } from "./introspection.cases.mjs";
import { keyCases } from "./keys.cases.mjs";
import { loginCases } from "./login.cases.mjs";
import { mcpClientCases } from "./mcp-clients.cases.mjs";
import { oauthClientCases } from "./oauth-clients.cases.mjs";
import { requestCases } from "./requests.cases.mjs";
import { assertCleanLog } from "./support/demo.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const worker = await runWorker(demo);
after(() => worker.dispose());

loginCases(worker.origin);
authorizationCases(worker.origin);
grantCases(worker.origin);
requestCases(worker.origin);
clientAuthenticationCases(worker.origin);
dpopCases(worker.origin);
keyCases(worker.origin);
oauthClientCases(worker.origin);
mcpClientCases(worker.origin);
introspectionCases(worker.origin);

test("After all that, the log names refused introspections, and holds no secret and nothing unexpected", async () => {
  await worker.logged(
    /"type":"refused","endpoint":"introspect","status":401,"error":"invalid_client"/,
  );
  assertCleanLog(worker.log());
});
