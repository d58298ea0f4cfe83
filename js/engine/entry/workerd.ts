// workerd (Cloudflare Workers) and every runtime that imports a .wasm file as a compiled module.
import wasm from "../../../wasm/engine.wasm";
import { runtime } from "../instance.js";

runtime.provide(() => wasm);
export * from "../index.js";
