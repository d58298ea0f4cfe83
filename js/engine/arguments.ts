// Checks what callers give to the engine, and writes it as the text that Rust reads.

import { AuthleteError, configError } from "../errors.js";
import type { EngineConfig } from "../generated/config.js";
import { expectGiven } from "../options.js";
import type { AccessParams, AuthorizationCodeParams } from "./calls.js";

/** The configuration as JSON; a copy, so that later changes of the object have no effect. */
export function configText(config: EngineConfig): string {
  expectGiven("config", config);
  return written(config, (path, problem) => configError(path || "config", problem));
}

/** The parameters of a code, or of a request to a protected resource, as JSON. */
export function parametersText(params: AuthorizationCodeParams | AccessParams): string {
  return written(
    params,
    (path, problem) =>
      new AuthleteError(
        "ERR_AUTHLETE_REQUEST_INVALID",
        path === "" ? `the parameters ${problem}` : `${path}: ${problem}`,
      ),
  );
}

/**
 * A value as JSON text. A number that JSON does not have is an error: it would be written as
 * `null`, which means that the member was left out.
 */
function written(value: unknown, error: (path: string, problem: string) => Error): string {
  const paths = new Map<unknown, string>();
  let wrong: string | undefined;
  let json: unknown;
  try {
    json = JSON.stringify(value, function (this: unknown, key: string, member: unknown) {
      const above = paths.get(this);
      const path = Array.isArray(this) ? `${above}[${key}]` : above ? `${above}.${key}` : key;
      if (typeof member === "object") paths.set(member, path);
      if (typeof member === "number" && !Number.isFinite(member)) wrong ??= path;
      return member;
    });
  } catch {}
  if (wrong !== undefined) throw error(wrong, "not a finite number");
  if (typeof json === "string") return json;
  throw error("", "can't be written as JSON");
}

export function expectText(path: string, value: unknown): string {
  if (typeof value !== "string")
    throw new AuthleteError("ERR_AUTHLETE_REQUEST_INVALID", `${path}: expected a string`);
  return value;
}

/** The text of form parameters. A `URLSearchParams` may come from another realm. */
export function expectForm(path: string, value: unknown): string {
  if (typeof value === "string") return value;
  try {
    if (Object.prototype.toString.call(value) === "[object URLSearchParams]") return String(value);
  } catch {} // It only looks like one.
  throw new AuthleteError(
    "ERR_AUTHLETE_REQUEST_INVALID",
    `${path}: expected a string or URLSearchParams`,
  );
}
