// A CommonJS program for Node.js.
const pkg = require("authlete-token");
const engine = require("authlete-token/engine");

import("./scenario.mjs").then(async ({ scenario }) => console.log(JSON.stringify(await scenario(pkg, engine, process.argv[2]))));
