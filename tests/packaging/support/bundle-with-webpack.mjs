// Bundles page.mjs of the project in the current folder with webpack, configured by entry and output alone.
import { resolve } from "node:path";
import webpack from "webpack";

webpack({ mode: "production", entry: "./page.mjs", output: { path: resolve("dist"), filename: "page.js" }, context: resolve() }, (error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString({ all: false, errors: true }));
    process.exitCode = 1;
  }
});
