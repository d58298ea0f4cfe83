// Everything that must hold in every host. Each listed module returns its behaviours as an object:
// a sentence, and the function that tests it. They get the package and the fixtures, and know
// nothing about the host.
import * as clock from "../client/clock.behaviours.mjs";
import * as crowd from "../client/crowd.behaviours.mjs";
import * as configuration from "../client/configuration.behaviours.mjs";
import * as engineOption from "../client/engine-option.behaviours.mjs";
import * as faults from "../client/faults.behaviours.mjs";
import * as foreignBodies from "../client/foreign-bodies.behaviours.mjs";
import * as loopback from "../client/loopback.behaviours.mjs";
import * as memory from "../client/memory.behaviours.mjs";
import * as network from "../client/network.behaviours.mjs";
import * as operations from "../client/operations.behaviours.mjs";
import * as requests from "../client/requests.behaviours.mjs";
import * as secrets from "../client/secrets.behaviours.mjs";
import * as strings from "../client/strings.behaviours.mjs";
import * as time from "../client/time.behaviours.mjs";
import * as traps from "../client/traps.behaviours.mjs";
import * as verdicts from "../client/verdicts.behaviours.mjs";
import * as actions from "../endpoint/actions.behaviours.mjs";
import * as bodies from "../endpoint/bodies.behaviours.mjs";
import * as clientCertificate from "../endpoint/client-certificate.behaviours.mjs";
import * as events from "../endpoint/events.behaviours.mjs";
import * as foreign from "../endpoint/foreign.behaviours.mjs";
import * as hookRequests from "../endpoint/hook-requests.behaviours.mjs";
import * as hooks from "../endpoint/hooks.behaviours.mjs";
import * as messages from "../endpoint/messages.behaviours.mjs";
import * as options from "../endpoint/options.behaviours.mjs";
import * as overlap from "../endpoint/overlap.behaviours.mjs";
import * as plain from "../endpoint/plain.behaviours.mjs";
import * as reissue from "../endpoint/reissue.behaviours.mjs";
import * as upstream from "../endpoint/upstream.behaviours.mjs";
import * as assertions from "../engine/assertions.behaviours.mjs";
import * as attestations from "../engine/attestations.behaviours.mjs";
import * as authorization from "../engine/authorization.behaviours.mjs";
import * as certificates from "../engine/certificates.behaviours.mjs";
import * as dpop from "../engine/dpop.behaviours.mjs";
import * as engineApi from "../engine/engine-api.behaviours.mjs";
import * as engineFaults from "../engine/engine-faults.behaviours.mjs";
import * as engine from "../engine/engine.behaviours.mjs";
import * as introspection from "../engine/introspection.behaviours.mjs";
import * as engineKeys from "../engine/key-rotation.behaviours.mjs";
import * as engineUrls from "../engine/urls.behaviours.mjs";
import * as remoteKeys from "../engine/remote-keys.behaviours.mjs";
import * as threeWays from "../engine/three-ways.behaviours.mjs";
import * as traces from "../engine/traces.behaviours.mjs";
import * as wayFaults from "../engine/way-faults.behaviours.mjs";
import * as wayTraps from "../engine/way-traps.behaviours.mjs";
import * as randomPool from "../engine/random-pool.behaviours.mjs";
import * as ownStore from "../engine/own-store.behaviours.mjs";
import { removeBodies } from "./features.mjs";

const modules = {
  configuration,
  operations,
  requests,
  verdicts,
  strings,
  faults,
  foreignBodies,
  secrets,
  time,
  clock,
  network,
  traps,
  memory,
  crowd,
  loopback,
  bodies,
  clientCertificate,
  messages,
  foreign,
  actions,
  upstream,
  events,
  hooks,
  hookRequests,
  reissue,
  overlap,
  plain,
  options,
  engine,
  engineApi,
  engineFaults,
  authorization,
  dpop,
  engineKeys,
  engineUrls,
  ownStore,
  engineOption,
  threeWays,
  traces,
  wayFaults,
  wayTraps,
  randomPool,
  assertions,
  attestations,
  certificates,
  remoteKeys,
  introspection,
};

/** The modules that read bodies of requests or answers. */
const reading = {
  operations,
  faults,
  foreignBodies,
  time,
  network,
  bodies,
  clientCertificate,
  messages,
  foreign,
  actions,
  upstream,
  events,
  hooks,
  hookRequests,
  reissue,
  overlap,
  plain,
  options,
  engine,
  engineApi,
  engineFaults,
  threeWays,
  wayFaults,
  wayTraps,
  remoteKeys,
  introspection,
};

/** The suites, each for a process, page or isolate of its own. */
export const suites = ["as it is", "without body"];

/**
 * All behaviours of a suite: `[{ name, prove }]`. `fixtures` are the example exchanges:
 * `[{ name, json }]`; `server` and `refusing` are addresses on loopback (`loopback.mjs`). The suite
 * "without body" takes `body` away from this host's requests and responses. A host has `more` to
 * say of itself.
 */
export function allBehaviours({ pkg, enginePkg }, { suite, fixtures, server, refusing, ...more }) {
  if (suite === "without body") removeBodies();
  const named = (prefix) => fixtures.filter(({ name }) => name.startsWith(prefix));
  const kit = { pkg, enginePkg, storage: () => ({}), fixtures, named, server, refusing, ...more };
  return Object.entries(suite === "without body" ? reading : modules).flatMap(
    ([area, { behaviours }]) =>
      Object.entries(behaviours(kit)).map(([sentence, prove]) => ({
        name: `${area}: ${sentence}`,
        prove,
      })),
  );
}

/**
 * Runs one behaviour; `strays` are unhandled errors, collected by the host. Returns the text of the
 * failure, or null.
 */
export async function outcome({ prove }, strays) {
  try {
    await prove();
    // Unhandled rejections are reported a moment later.
    await new Promise((resolve) => setTimeout(resolve, 0));
  } catch (error) {
    // Only V8's stacks begin with the message.
    return `${error}\n${error?.stack}`;
  }
  return strays.length === 0
    ? null
    : `an error that nobody handled: ${strays.splice(0).join("; ")}`;
}
