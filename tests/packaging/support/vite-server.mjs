// vite's development server for a project.
import { spawn } from "node:child_process";
import { Refusal } from "../../../xtask/steps.mjs";
import { installed } from "./project.mjs";

/** Starts it on a free port: `{ url, close }`. */
export async function startViteServer(folder) {
  const child = spawn(
    process.execPath,
    [installed("vite/bin/vite.js"), "--host", "127.0.0.1", "--port", "0"],
    {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
  const close = () => {
    child.kill();
    return ended;
  };
  let output = "";
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (data) => {
        output += data;
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
        if (url !== undefined) resolve(url);
      });
    }
  });
  const late = new Promise((resolve) => setTimeout(resolve, 20_000).unref());
  const url = await Promise.race([ready, ended, late]);
  if (typeof url === "string") return { url, close };
  await close();
  throw new Refusal(`vite did not start:\n${output}`);
}
