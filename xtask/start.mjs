// `npm start [-- --config FILE]`: sets up, then serves the worker example on workerd at
// http://localhost:8787 (PORT changes it).
import { checkUsers, configFile, port, readConfig, refuseTakenPort } from "./server-options.mjs";
import { setUp } from "./setup.mjs";
import { main, Refusal } from "./steps.mjs";
import { authleteVariables, misspeltVariables } from "./variables.mjs";
import { startWorker } from "./worker.mjs";

await main(async (stopBy) => {
  const number = port(8787);
  const file = configFile();
  const config = file === undefined ? undefined : await readConfig(file);
  for (const warning of misspeltVariables(process.env)) console.error(warning);
  const authlete = authleteSettings();
  checkUsers(config?.users, file);
  await refuseTakenPort(number);

  await setUp("start");

  if (authlete !== undefined) await checkAuthlete(authlete);
  else if (config !== undefined) await checkConfig(config, file, number);
  await refuseTakenPort(number);
  const variables = {
    DEMO: "1",
    ISSUER: `http://localhost:${number}`,
    CONFIG: config,
    ALLOW_INSECURE_REQUESTS: process.env.ALLOW_INSECURE_REQUESTS,
    ...authlete,
  };
  // With an issuer that has a path, all addresses have it.
  const path =
    authlete === undefined && config !== undefined
      ? new URL(config.service.issuer).pathname.replace(/\/+$/, "")
      : "";
  const worker = startWorker(number, variables, [
    `OPTIONS ${path}/token`,
    ...(authlete === undefined ? [`GET ${path}/jwks`] : []),
  ]);
  let stopping = false;
  stopBy(async () => {
    if (stopping) return;
    stopping = true;
    await worker.stop();
    process.exit(0);
  });
  try {
    await worker.answers();
  } catch (error) {
    if (stopping) return;
    await worker.stop();
    throw error;
  }
  console.log(`Open http://localhost:${number}${path}/`);
  console.log(`Token endpoint ready: http://localhost:${number}${path}/token`);
  await worker.stopped;
  if (!stopping) throw new Refusal("The worker has ended unexpectedly.");
});

/** The AUTHLETE_* variables that are set; they go to the worker unchanged. */
function authleteSettings() {
  const settings = Object.fromEntries(
    authleteVariables.map((name) => [name, process.env[name] || undefined]),
  );
  const { AUTHLETE_SERVER_URL, AUTHLETE_SERVICE_ID, AUTHLETE_BEARER, AUTHLETE_TIMEOUT_MS } =
    settings;
  if (AUTHLETE_TIMEOUT_MS !== undefined && !/^[1-9]\d{0,8}$/.test(AUTHLETE_TIMEOUT_MS)) {
    throw new Refusal("AUTHLETE_TIMEOUT_MS must be a whole number of milliseconds.");
  }
  if (
    AUTHLETE_SERVER_URL === undefined &&
    AUTHLETE_SERVICE_ID === undefined &&
    AUTHLETE_BEARER === undefined
  )
    return undefined;
  if (AUTHLETE_SERVICE_ID === undefined || AUTHLETE_BEARER === undefined) {
    throw new Refusal(
      "To use an Authlete server, set both AUTHLETE_SERVICE_ID and AUTHLETE_BEARER.",
    );
  }
  return settings;
}

/**
 * Lets the client check the settings here, where the user sees its message, and not only inside
 * the worker.
 */
async function checkAuthlete(settings) {
  const { AuthleteClient } = await import("authlete-token");
  try {
    new AuthleteClient({
      serviceId: settings.AUTHLETE_SERVICE_ID,
      bearer: settings.AUTHLETE_BEARER,
      serverURL: settings.AUTHLETE_SERVER_URL,
    });
  } catch (error) {
    throw new Refusal(`The AUTHLETE_* settings are refused: ${error.message}`);
  }
}

/** Lets the engine check the configuration here, for the same reason. */
async function checkConfig(config, file, number) {
  const { createEngine } = await import("authlete-token/engine");
  try {
    await createEngine(config);
  } catch (error) {
    throw new Refusal(`The configuration ${file} is refused: ${error.message}`);
  }
  if (!URL.canParse(config.service.issuer))
    throw new Refusal(
      `The configuration ${file} is refused: service.issuer: expected an http or https URL`,
    );
  const { protocol, hostname, port: issuerPort } = new URL(config.service.issuer);
  const ours =
    protocol === "http:" &&
    (["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost")) &&
    Number(issuerPort || 80) === number;
  if (!ours) {
    console.error(
      `Warning: the configuration's issuer is ${config.service.issuer}, but this server is http://localhost:${number}: the playground is off, and clients look for the server there. Change the address in the file, or set PORT.`,
    );
  }
}
