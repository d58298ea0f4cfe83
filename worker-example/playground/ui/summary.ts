// What the timeline says at a glance: one line for each request, call and answer.
import type { CallEntry } from "../../src/trace";
import { parsedObject } from "../json-text";
import type { Exchange, RunState } from "../model";
import { durationText } from "./jwt";
import { parametersOf } from "./mask";

/** Who does something: the four parts that the page explains at its top. */
export type Lane = "client" | "endpoint" | "api" | "engine";

export const laneTitles: Readonly<Record<Lane, string>> = {
  client: "Client",
  endpoint: "Token endpoint",
  api: "API",
  engine: "Engine",
};

/** The other endpoints of the authorization server, by the ends of their paths. */
const endpoints: readonly (readonly [end: RegExp, title: string])[] = [
  [/\/token$/, "Token endpoint"],
  [/\/authorize$/, "Authorization"],
  [/\/userinfo$/, "UserInfo endpoint"],
  [/\/introspect$/, "Introspection"],
  [/\/revoke$/, "Revocation"],
  [/\/challenge$/, "Challenges"],
  [/\/jwks$/, "Signing keys"],
  [/\/\.well-known\/[^?]+$/, "Metadata"],
  [/\/demo\/keys\/[^/]+$/, "Demo keys"],
];

/** Which endpoint answers at that address. */
export function endpointTitle(url: string): string {
  const { pathname } = new URL(url);
  return endpoints.find(([end]) => end.test(pathname))?.[1] ?? "Server";
}

/** Path of an address, for one line; without what its query may hold. */
export function pathOf(url: string): string {
  return new URL(url).pathname;
}

/** The parameters of a request: those of its query, then those of its form. */
export function requestParameters({ url, body, headers }: Exchange["request"]) {
  const isForm = headers.some(
    ([name, value]) => /^content-type$/i.test(name) && /x-www-form-urlencoded/i.test(value),
  );
  return {
    query: parametersOf(new URL(url).search),
    form: isForm ? parametersOf(body) : [],
  };
}

/** Parameters whose values say at a glance what is asked for, in the order in which they do. */
const telling = ["grant_type", "response_type", "prompt", "scope", "resource"];

/** The longest value that a line shows whole. */
const longest = 60;

/** The parameters in short: the telling ones with their values, then the names of the others. */
export function parametersInShort(request: Exchange["request"]): string[] {
  const { query, form } = requestParameters(request);
  const headers = request.headers.flatMap(([name, value]) => {
    if (/^authorization$/i.test(name)) return [`${value.split(" ")[0]} credentials`];
    if (/^dpop$/i.test(name)) return ["DPoP proof"];
    if (/^oauth-client-attestation$/i.test(name)) return ["attestation"];
    if (/^client-cert$/i.test(name)) return ["certificate"];
    return [];
  });
  const parameters = [...query, ...form];
  return [
    ...telling.flatMap((name) =>
      parameters.filter((found) => found[0] === name).map(([, value]) => `${name}=${short(value)}`),
    ),
    ...parameters
      .filter(([name]) => !telling.includes(name))
      .map(([name, value]) => `${name}=${value === "" ? "" : "…"}`),
    ...headers,
  ];
}

function short(value: string): string {
  return value.length > longest ? `${value.slice(0, longest)}…` : value;
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  302: "Found",
  303: "See Other",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Such as "400 Bad Request". */
export function statusText(status: number): string {
  return `${status}${reasons[status] === undefined ? "" : ` ${reasons[status]}`}`;
}

/** What a redirect to that address brings to the client. */
export function redirectInShort(address: string): string {
  const { searchParams } = new URL(address);
  const error = searchParams.get("error");
  if (error !== null) return `sends the browser back with the error ${error}`;
  return `sends the browser ${searchParams.has("code") ? "back with a code" : `to ${pathOf(address)}`}`;
}

/** Members of answers that are about what people look for in them. */
const wanted = ["issuer", "token_endpoint", "code_challenge_methods_supported", "sub", "name"];

/** What an answer brings, in a few words. */
export function answerInShort(response: NonNullable<Exchange["response"]>): string {
  const value = parsedObject(response.body);
  if (value === undefined) return "";
  if (typeof value.error === "string") return value.error;
  if (typeof value.active === "boolean") return value.active ? "active" : "not active";
  const tokens = ["access_token", "refresh_token", "id_token"].filter((name) => name in value);
  if (tokens.length > 0) {
    const lifetime =
      typeof value.expires_in === "number" ? `, for ${durationText(value.expires_in)}` : "";
    return tokens.map((name) => name.replace("id_", "ID ").replace("_", " ")).join(", ") + lifetime;
  }
  const found = [...new Set([...wanted, ...Object.keys(value)])].filter((name) => name in value);
  // Two more would take as much room as the words that there are more.
  const count = found.length > 6 ? 4 : found.length;
  const rest = found.length - count;
  return found.slice(0, count).join(", ") + (rest > 0 ? ` … and ${rest} more` : "");
}

/**
 * Whether a client that has not proved who it is gets 400 because a page of this server asked: the
 * same request from elsewhere gets 401. Only then has the run recorded where the browser said that
 * the request comes from.
 */
export function isUnchallenged({ headers }: Exchange["request"]): boolean {
  return headers.some(([name]) => name === "sec-fetch-site");
}

/** `action` and `resultCode` of an API's answer. */
export function verdictOf({ response }: CallEntry) {
  const text = (name: string) => {
    const value = response[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    action: text("action"),
    resultCode: text("resultCode"),
    resultMessage: text("resultMessage"),
  };
}

/** Milliseconds for people. Workers whose clock stands still while they compute measure none. */
export function millisecondsText(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

/** What screen readers hear of a run: its latest step, and its end. */
export function announcementOf({ status, steps, trouble }: RunState): string {
  const step = steps.at(-1);
  if (step === undefined) return trouble ?? "";
  const name = `Step ${step.id + 1}, ${step.title}`;
  const verdict = step.verdict === undefined ? "" : ` ${step.verdict}`;
  if (step.status === "running") return `${name}.`;
  if (step.status === "waiting") return `${name}: waits for your login.${verdict}`;
  const outcome = `${name}: ${stepStatusText(step.status, step.expected)}.${verdict}`;
  if (status === "done") return `${outcome} The run is complete.`;
  if (status === "failed" || status === "refused")
    return `${outcome} The run has ended early. ${trouble ?? ""}`;
  return outcome;
}

/** A step's state in words. */
export function stepStatusText(
  status: RunState["steps"][number]["status"],
  expected: "success" | "refusal",
): string {
  if (status === "running") return "Running";
  if (status === "waiting") return "Waits for you";
  if (status === "failed") return "Failed";
  if (status === "refused") return "Refused";
  return expected === "refusal" ? "Refused, as it should be" : "Done";
}
