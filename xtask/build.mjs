// `npm run build`: sets up what building needs and builds the package into pkg/, and
// the worker example's playground into worker-example/dist/.
import { setUp } from "./setup.mjs";
import { main } from "./steps.mjs";

await main(() => setUp("start"));
