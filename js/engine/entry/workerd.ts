// workerd (Cloudflare Workers) and every runtime that imports a .wasm file as a compiled module.
import wasm from "../../../wasm/engine.wasm";
import { readFramed } from "../../body.js";
import { runtime } from "../instance.js";

runtime.provide(() => wasm, readFramed);
export * from "../index.js";
