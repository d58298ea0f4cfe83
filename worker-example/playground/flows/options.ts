// The choices that flows have in common, and the clients that can play a part.
import { hasSecret, isPlayable } from "../authentication";
import { ClientApp, type Tokens } from "../client";
import type { Choices, DemoClient, DemoUser, Option, Run, Setup } from "../model";

/** The clients with this grant whose part the page can play, as far as `more` takes them. */
export function clientsWith(
  { clients }: Setup,
  grant: string,
  more: (client: DemoClient) => boolean = () => true,
): readonly DemoClient[] {
  return clients.filter(
    (client) => client.grant_types.includes(grant) && isPlayable(client) && more(client),
  );
}

/** The clients that can send a user to the login, and whose tokens need no certificate. */
export function loginClients(
  setup: Setup,
  more: (client: DemoClient) => boolean = (client) => !client.dpop_bound_access_tokens,
): readonly DemoClient[] {
  return clientsWith(
    setup,
    "authorization_code",
    (client) =>
      client.redirect_uri !== undefined &&
      !client.tls_client_certificate_bound_access_tokens &&
      more(client),
  );
}

/** Public clients have nothing that a thief would need beside a token. */
export const isPublic = (client: DemoClient) => client.token_endpoint_auth_method === "none";

/** First the public ones. */
export function publicFirst(clients: readonly DemoClient[]): readonly DemoClient[] {
  return [...clients.filter(isPublic), ...clients.filter((client) => !isPublic(client))];
}

/** What a thief needs beside a code or a refresh token. */
export function thiefHas({ registered }: ClientApp): string {
  if (isPublic(registered)) return "The app is public: it has no secret that the thief would need.";
  return `Suppose that the thief has the app’s ${hasSecret(registered) ? "secret" : "key"}, too.`;
}

/** The clients that may bind tokens to a key; first those that must. */
export function boundClients(setup: Setup): readonly DemoClient[] {
  const all = loginClients(setup, () => true);
  const must = (client: DemoClient) => client.dpop_bound_access_tokens === true;
  return [...all.filter(must), ...all.filter((client) => !must(client))];
}

/** The clients with a login that refresh. */
export function refreshingClients(setup: Setup): readonly DemoClient[] {
  return loginClients(setup).filter(({ grant_types }) => grant_types.includes("refresh_token"));
}

/** The servers that are registered for a resource, and may ask about tokens (RFC 7662). */
export function resourceServers({ clients }: Setup): readonly DemoClient[] {
  return clients.filter(
    (client) => (client.resource_identifiers?.length ?? 0) > 0 && hasSecret(client),
  );
}

/** The client that was chosen, or the first one. */
export function chosen(
  clients: readonly DemoClient[],
  choices: Choices,
  name = "client",
): DemoClient | undefined {
  return clients.find(({ client_id }) => client_id === choices[name]) ?? clients[0];
}

/** Which client, and its secret if the playground is not told it. */
export function clientOptions(
  clients: readonly DemoClient[],
  choices: Choices,
  name = "client",
  label = "Client",
): readonly Option[] {
  const client = chosen(clients, choices, name);
  const values = clients.map(({ client_id }) => ({ value: client_id, label: client_id }));
  const hint =
    client === undefined ? "None that is registered can do this." : descriptionOf(client);
  return [
    { name, label, hint, kind: "select", values, value: clients[0]?.client_id ?? "" },
    ...(client === undefined ? [] : secretOption(client, name, label)),
  ];
}

/** Such as “Demo back-end service. It authenticates with client_secret_basic.” */
function descriptionOf(client: DemoClient): string {
  const { client_id, client_name, token_endpoint_auth_method: method } = client;
  const name = client_name === client_id ? "" : `${client_name}. `;
  return `${name}${isPublic(client) ? "It is public: it has no secret." : `It authenticates with ${method}.`}`;
}

function secretOption(client: DemoClient, name: string, label: string): readonly Option[] {
  if (!hasSecret(client) || client.client_secret !== undefined) return [];
  const hint = `The secret of ${client.client_id}. It stays in this page.`;
  return [{ name: `${name}_secret`, label: `${label}’s secret`, hint, kind: "secret", value: "" }];
}

/** The client's part, played by the chosen client. */
export function connect(
  run: Run,
  clients: readonly DemoClient[],
  missing: string,
  name = "client",
): Promise<ClientApp> {
  const client = chosen(clients, run.choices, name);
  if (client === undefined) throw new Error(missing);
  return ClientApp.connect(run, client, run.choices[`${name}_secret`]);
}

/** The scopes to ask for: of `wanted`, those that the client may have with this grant. */
export function scopeOption(
  client: DemoClient | undefined,
  wanted: string,
  grant = "authorization_code",
): readonly Option[] {
  if (client === undefined) return [];
  // openid is about a user, and with this grant there is none.
  const isAvailable = (scope: string) => grant !== "client_credentials" || scope !== "openid";
  const permitted = client.scope?.split(" ").filter(isAvailable);
  const scopes = wanted.split(" ").filter((scope) => permitted?.includes(scope) ?? true);
  const hint = permitted && `This client may have: ${permitted.join(", ")}.`;
  const value = scopes.join(" ");
  return [{ name: "scope", label: "Scope", ...(hint && { hint }), kind: "text", value }];
}

/** Who logs in without a page. */
export function userOption({ users }: Setup): readonly Option[] {
  if (users.length === 0) return [];
  const values = users.map(({ username }) => ({ value: username, label: username }));
  const value = values[0]?.value ?? "";
  return [{ name: "user", label: "User", kind: "select", values, value }];
}

/** What there is to choose where a user logs in without a page. */
export function userOptions(
  clients: readonly DemoClient[],
  setup: Setup,
  choices: Choices,
  scope: string,
): readonly Option[] {
  return [
    ...clientOptions(clients, choices),
    ...scopeOption(chosen(clients, choices), scope),
    ...userOption(setup),
  ];
}

/** The chosen user, or the first one. */
export function chosenUser({ place, choices }: Run): DemoUser {
  const { users } = place.setup;
  const user = users.find(({ username }) => username === choices.user) ?? users[0];
  if (user === undefined) throw new Error("No user is configured who could log in.");
  return user;
}

/** `scope` as a parameter; none if it was left empty. */
export function scopeOf({ choices }: Run): Record<string, string> {
  return choices.scope ? { scope: choices.scope } : {};
}

/** What is said in place of a step that asks UserInfo, if the scope is missing. */
export function leftOut(title: string, { scope }: Tokens): string {
  return hasOpenid(scope) ? "" : ` The step “${title}” is left out: it needs the scope openid.`;
}

export function hasOpenid(scope: string | undefined): boolean {
  return scope?.split(" ").includes("openid") === true;
}

/** Why a flow with a login can't be played. */
export const noLoginClient =
  "No client is registered that could log in here: it needs the grant authorization_code, the redirect URI of this playground (its address and /callback), and a way to authenticate that a page can use.";

/** Why a flow with a refresh can't be played. */
export const noRefreshingClient =
  "No client is registered that could log in here and refresh: it needs the grants authorization_code and refresh_token, the redirect URI of this playground (its address and /callback), and a way to authenticate that a page can use.";
