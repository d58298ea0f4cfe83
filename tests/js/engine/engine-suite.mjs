// All that must hold of the embedded engine over each of its stores.
import * as api from "./engine-api.behaviours.mjs";
import * as faults from "./engine-faults.behaviours.mjs";
import * as requests from "./engine.behaviours.mjs";

export const allEngineBehaviours = (kit) => ({
  ...requests.behaviours(kit),
  ...api.behaviours(kit),
  ...faults.behaviours(kit),
});
