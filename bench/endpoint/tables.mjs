// The token endpoints that are measured together, and the targets. A missed target fails nothing: a
// measurement depends on the machine.

/** Numbers of connections, each with one request in flight. */
export const connections = [1, 16];

const ours = { name: "ours", server: "ours", label: "authlete-token" };
const oursLogged = {
  name: "oursLogged",
  server: "oursLogged",
  label: "authlete-token, a log line per exchange",
};
const floor = { name: "floor", server: "floor", label: "by hand: one insert, no other checks" };
const plain = {
  name: "plain",
  server: "plain",
  label: "by hand: our writes and hashes over RPC, few checks",
};
const provider = {
  name: "provider",
  server: "provider",
  label: "@cloudflare/workers-oauth-provider, KV",
};

/**
 * The tables. The first contender is what the others are compared with, in the same round; a target
 * compares two contenders, some only for information.
 */
export const tables = [
  {
    id: "workerdCredentials",
    title: "client_credentials on workerd: a worker, a Durable Object, SQLite",
    host: "workerd",
    grant: "client_credentials",
    contenders: [floor, plain, ours, oursLogged],
    targets: [
      { name: "plain", over: "floor" },
      { name: "ours", over: "floor", least: 0.85 },
      { name: "oursLogged", over: "floor", least: 0.85 },
    ],
  },
  {
    id: "workerdRefresh",
    title: "refresh_token on workerd: each answer's refresh token is sent next",
    host: "workerd",
    grant: "refresh_token",
    contenders: [provider, ours, oursLogged],
    targets: [
      { name: "ours", over: "provider", least: 4 },
      { name: "oursLogged", over: "provider", least: 4 },
    ],
  },
  {
    id: "workerdCode",
    title: "authorization_code with PKCE on workerd",
    host: "workerd",
    grant: "authorization_code",
    contenders: [provider, ours],
    targets: [],
  },
  {
    id: "nodeCredentials",
    title: "client_credentials on node:http: one process, state in memory",
    host: "node",
    grant: "client_credentials",
    contenders: [
      { name: "oidc", server: "oidcNode", label: "oidc-provider, memory adapter" },
      { name: "ours", server: "oursNode", label: "authlete-token" },
      { name: "bare", server: "bareNode", label: "the same server without a token endpoint" },
      { name: "alone", server: "aloneNode", label: "node:http alone, a constant answer" },
    ],
    targets: [
      { name: "ours", over: "oidc", least: 1, aim: 1.2 },
      { name: "ours", over: "bare" },
    ],
  },
];
