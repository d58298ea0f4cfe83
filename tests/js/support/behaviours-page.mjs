// The page's script: lists and runs behaviours on request of the test.
import * as pkg from "authlete-token";
import * as enginePkg from "authlete-token/engine";
import { allBehaviours, outcome } from "./behaviours.mjs";

const strays = [];
addEventListener("unhandledrejection", (event) => strays.push(String(event.reason)));
addEventListener("error", (event) => strays.push(event.message));
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  // Some behaviours call servers that don't exist, which the page's policy does not allow.
  if (violatedDirective !== "connect-src") strays.push(`${violatedDirective}: ${blockedURI}`);
});
// Not every driver reports what is written to the console.
const { error } = console;
console.error = (...parts) => {
  strays.push(`console: ${parts.join(" ")}`);
  error.apply(console, parts);
};

let all;
globalThis.names = (kit) => {
  all = allBehaviours({ pkg, enginePkg }, kit);
  return all.map(({ name }) => name);
};
globalThis.run = (index) => outcome(all[index], strays);
