// The API reference: typedoc over the package's built declarations.
import { join } from "node:path";
import { Application, Logger, LogLevel } from "typedoc";
import { entryPoints } from "../xtask/entry-points.mjs";
import { root } from "../xtask/steps.mjs";

/** Collects the warnings and errors. */
class Kept extends Logger {
  messages = [];

  addContext(message) {
    return message;
  }

  log(message, level) {
    super.log(message, level);
    if (level >= LogLevel.Warn) this.messages.push(message);
  }
}

/** Writes the reference as a website into `folder`; returns the warnings and errors. */
export async function writeReference(folder) {
  const entries = entryPoints();
  const app = await Application.bootstrap({
    name: "authlete-token",
    readme: join(root, "pkg/README.md"),
    tsconfig: join(root, "docs/tsconfig.json"),
    entryPoints: entries.map(({ file }) => file),
    // They would name this machine.
    disableSources: true,
    disableGit: true,
    excludePrivate: true,
    sort: ["source-order"],
    // Nobody fills in the shape that a conditional type looks for.
    intentionallyNotDocumented: [
      "WebAssembly",
      "WebAssembly.__type.Module",
      "WebAssembly.__type.Module.__type.prototype",
    ].map((path) => `authlete-token/slim.WasmModule.__type.${path}`),
    validation: {
      notExported: true,
      invalidLink: true,
      invalidPath: true,
      notDocumented: true,
      rewrittenLink: true,
    },
  });
  const logger = new Kept();
  app.logger = logger;
  const project = await app.convert();
  if (project !== undefined) {
    for (const module of project.children ?? []) nameAsImported(module);
    app.validate(project);
    await app.generateDocs(project, folder);
  }
  return logger.messages;

  /** typedoc names a module by its file, without an `/index`. */
  function nameAsImported(module) {
    const entry = entries.find(({ file }) =>
      [`/dist/${module.name}.d.ts`, `/dist/${module.name}/index.d.ts`].some((end) =>
        file.endsWith(end),
      ),
    );
    if (entry !== undefined) module.name = entry.name;
  }
}
