// The page's script: lists and runs behaviours when the test asks for it.
import * as pkg from "authlete-token";
import { allBehaviours, outcome } from "./behaviours.mjs";

const strays = [];
addEventListener("unhandledrejection", (event) => strays.push(String(event.reason)));
addEventListener("error", (event) => strays.push(event.message));

let all;
globalThis.names = (kit) => {
  all = allBehaviours(pkg, kit);
  return all.map(({ name }) => name);
};
globalThis.run = (index) => outcome(all[index], strays);
