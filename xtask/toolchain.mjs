// The Rust toolchain of rust-toolchain.toml, with the WebAssembly target.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { looksOffline, Refusal, root, run, step, tail } from "./steps.mjs";

const target = "wasm32-unknown-unknown";

/** Makes sure that cargo and the WebAssembly target are there; rustup installs what is missing. */
export async function ensureToolchain() {
  const channel = /^channel\s*=\s*"([^"]+)"/m.exec(
    readFileSync(join(root, "rust-toolchain.toml"), "utf8"),
  )?.[1];
  const rustup = (await run("rustup", ["--version"])).code === 0;
  if (!rustup && (await run("cargo", ["--version"])).code !== 0) {
    throw new Refusal(
      "Rust is not installed: get rustup from https://rustup.rs and run this again.",
    );
  }
  if (await targetIsThere(rustup ? ["rustup", "run", channel, "rustc"] : ["rustc"])) return;
  if (!rustup) {
    throw new Refusal(
      `This Rust has no ${target} target: install it, or get rustup from https://rustup.rs, and run this again.`,
    );
  }
  await step(`Installing Rust ${channel} with the ${target} target`, async () => {
    const { code, output } = await run("rustup", [
      "toolchain",
      "install",
      channel,
      "--profile",
      "minimal",
      "--target",
      target,
      "--no-self-update",
    ]);
    if (code === 0) return;
    if (looksOffline(output)) {
      throw new Refusal(
        `rustup could not download Rust ${channel} with the ${target} target: connect to the network and run this again.`,
      );
    }
    throw new Refusal(`rustup could not install Rust ${channel}:\n${tail(output)}`);
  });
}

/**
 * Asks the compiler for its directory instead of asking rustup for a list, which in some versions
 * needs a network.
 */
async function targetIsThere([command, ...args]) {
  const { code, output } = await run(command, [...args, "--print", "sysroot"]);
  return (
    code === 0 && existsSync(join(output.trim().split("\n").pop(), "lib/rustlib", target, "lib"))
  );
}
