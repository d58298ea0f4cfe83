// Bundles a file of the project in the current folder with webpack, configured with entry and
// output only. Arguments: the file, and more configuration as JSON.
import { resolve } from "node:path";
import webpack from "webpack";

const [file, more = "{}"] = process.argv.slice(2);
const { output, ...rest } = JSON.parse(more);
const entry = `./${file}`;
webpack(
  {
    mode: "production",
    entry,
    output: { path: resolve("dist"), filename: "bundle.js", ...output },
    context: resolve(),
    ...rest,
  },
  (error, stats) => {
    if (error || stats.hasErrors()) {
      console.error(error ?? stats.toString({ all: false, errors: true }));
      process.exitCode = 1;
    }
  },
);
