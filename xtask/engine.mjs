// `npm run engine [-- --config FILE]`: the embedded engine alone, as an Authlete-compatible API at
// http://localhost:8789 (PORT changes it). For developing the token-endpoint calls of an SDK for
// Authlete 3.0 without a network: the API with `/api/{serviceId}/…` and a bearer, which older SDKs,
// for Authlete 2.x, do not use. Its state is in memory only.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { engineHandler } from "./engine-handler.mjs";
import { configFile, port, readConfig, refuseTakenPort } from "./server-options.mjs";
import { setUp } from "./setup.mjs";
import { main, Refusal } from "./steps.mjs";

const demoConfig = fileURLToPath(
  new URL("../worker-example/src/demo-config.json", import.meta.url),
);

await main(async (stopBy) => {
  const number = port(8789);
  const file = configFile() ?? demoConfig;
  const config = await readConfig(file);
  await refuseTakenPort(number);

  await setUp("start");

  const { createEngine } = await import("authlete-token/engine");
  let engine;
  try {
    engine = await createEngine(config, {
      onEvent: (event) => console.error(JSON.stringify(event)),
    });
  } catch (error) {
    throw new Refusal(`The configuration ${file} is refused: ${error.message}`);
  }
  const { serviceId, bearer } = config.service;
  const servers = await listen(number, engineHandler(engine, bearer));

  stopBy(() => process.exit(0));
  console.log("Authlete 3.0's API (/api/{serviceId}/…, with a bearer):");
  console.log(`Server URL: http://localhost:${number}`);
  console.log(`Service ID: ${serviceId}`);
  console.log(`Bearer:     ${bearer}`);
  console.log("To use it from a shell:");
  for (const [name, value] of [
    ["AUTHLETE_SERVER_URL", `http://localhost:${number}`],
    ["AUTHLETE_SERVICE_ID", serviceId],
    ["AUTHLETE_BEARER", bearer],
  ]) {
    console.log(`export ${name}=${shellWord(String(value))}`);
  }
  console.log(`Engine ready: http://localhost:${number}`);
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.once("close", resolve))),
  );
});

/** A value as one word of a POSIX shell. */
function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Listens on the loopback addresses of IPv4 and, if the machine has it, IPv6. */
async function listen(number, handler) {
  const servers = [];
  for (const host of ["127.0.0.1", "::1"]) {
    const server = createServer(handler);
    const error = await new Promise((settle) => {
      server.once("error", settle);
      server.listen({ port: number, host }, settle);
    });
    if (error?.code === "EADDRINUSE")
      throw new Refusal(`Port ${number} is taken: set PORT to a free port.`);
    if (error === undefined) servers.push(server);
  }
  return servers;
}
