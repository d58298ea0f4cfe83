// A module for Node.js that needs `require`, as tools that load plug-ins do.
import { createRequire } from "node:module";
import { scenario } from "./scenario.mjs";

const require = createRequire(import.meta.url);
console.log(
  JSON.stringify(
    await scenario(require("authlete-token"), require("authlete-token/engine"), process.argv[2]),
  ),
);
