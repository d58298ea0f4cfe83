// What a client app does: it asks for a login, exchanges codes, refreshes and uses tokens, with
// oauth4webapi. Its requests pass through the step that they belong to, which records them.
import * as oauth from "oauth4webapi";
import { baseOf } from "../src/issuer";
import { statePrefix } from "../src/playground-request";
import { Credentials, hasSecret } from "./authentication";
import type { DemoClient, Place, Run, StepActions } from "./model";

/** Tokens as the token endpoint gives them (RFC 6749 §5.1). */
export type Tokens = oauth.TokenEndpointResponse;

/** What is needed to exchange a code for tokens, once the browser has come back. */
export interface Login {
  /** Where the user has to go. */
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** What belongs to a request beside its parameters. */
interface More {
  readonly dpop?: oauth.DPoPHandle;
  readonly parameters?: Record<string, string>;
}

const servers = new WeakMap<Place, Promise<oauth.AuthorizationServer>>();

/** The server's metadata (RFC 8414), read once and not recorded. */
function serverOf(place: Place): Promise<oauth.AuthorizationServer> {
  const known = servers.get(place);
  if (known !== undefined) return known;
  const issuer = new URL(place.setup.issuer);
  const fetched = (url: string, init: RequestInit) => place.ask(new Request(url, init));
  const server = oauth
    .discoveryRequest(issuer, { [oauth.customFetch]: fetched, ...local })
    .then((response) => oauth.processDiscoveryResponse(issuer, response));
  servers.set(place, server);
  // A server that was not there may be there for the next run.
  server.catch(() => servers.delete(place));
  return server;
}

/** The playground speaks plain HTTP, with this machine only. */
const local = { [oauth.allowInsecureRequests]: true } as const;

/** One client at one server. */
export class ClientApp {
  private constructor(
    private readonly run: Run,
    readonly registered: DemoClient,
    readonly server: oauth.AuthorizationServer,
    private readonly credentials: Credentials,
  ) {}

  /** `typedIn` is the secret of a client whose secret the playground is not told. */
  static async connect(run: Run, registered: DemoClient, typedIn = ""): Promise<ClientApp> {
    const { client_id, client_secret: secret = typedIn } = registered;
    if (hasSecret(registered) && secret === "")
      throw new Error(`Type in the secret of ${client_id} first.`);
    const credentials = new Credentials(run.place, registered, secret);
    return new ClientApp(run, registered, await serverOf(run.place), credentials);
  }

  private get client(): oauth.Client {
    return { client_id: this.registered.client_id };
  }

  private options(step: StepActions, { dpop, parameters }: More = {}) {
    return {
      ...local,
      [oauth.customFetch]: step.fetch,
      signal: this.run.signal,
      ...(dpop && { DPoP: dpop }),
      ...(parameters && { additionalParameters: parameters }),
    };
  }

  /** A login with PKCE (RFC 7636). Its state tells the server that it belongs to this page. */
  async login(parameters: Record<string, string>): Promise<Login> {
    const { client_id, redirect_uri: redirectUri = "" } = this.registered;
    const verifier = oauth.generateRandomCodeVerifier();
    const state = `${statePrefix}${oauth.generateRandomState()}`;
    const query = new URLSearchParams({
      response_type: "code",
      client_id,
      redirect_uri: redirectUri,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...parameters,
    });
    const endpoint =
      this.server.authorization_endpoint ?? `${baseOf(this.run.place.setup.issuer)}/authorize`;
    return { url: `${endpoint}?${query}`, state, verifier, redirectUri };
  }

  /** The answer at the redirect URI: it must belong to this login and this server (RFC 9207). */
  callback(login: Login, back: URL): URLSearchParams {
    return oauth.validateAuthResponse(this.server, this.client, back, login.state);
  }

  /** Exchanges a code (RFC 6749 §4.1.3). */
  async redeem(
    step: StepActions,
    { redirectUri, verifier }: Login,
    callback: URLSearchParams,
    more?: More,
  ): Promise<Tokens> {
    const response = await oauth.authorizationCodeGrantRequest(
      this.server,
      this.client,
      this.credentials.in(step),
      callback,
      redirectUri,
      verifier,
      this.options(step, more),
    );
    return oauth.processAuthorizationCodeResponse(this.server, this.client, response);
  }

  /** Exchanges a refresh token (RFC 6749 §6). */
  async refresh(step: StepActions, { refresh_token: token }: Tokens, more?: More): Promise<Tokens> {
    if (token === undefined) throw new Error("The client has not got a refresh token.");
    const response = await oauth.refreshTokenGrantRequest(
      this.server,
      this.client,
      this.credentials.in(step),
      token,
      this.options(step, more),
    );
    return oauth.processRefreshTokenResponse(this.server, this.client, response);
  }

  /** Any other grant, such as `client_credentials`. */
  async grant(
    step: StepActions,
    grantType: string,
    parameters: Record<string, string>,
    more?: More,
  ): Promise<Tokens> {
    const response = await oauth.genericTokenEndpointRequest(
      this.server,
      this.client,
      this.credentials.in(step),
      grantType,
      parameters,
      this.options(step, more),
    );
    return oauth.processGenericTokenEndpointResponse(this.server, this.client, response);
  }

  /** Asks for the user's claims (OpenID Connect Core §5.3). */
  async userinfo(step: StepActions, { access_token: token }: Tokens, more?: More) {
    const response = await oauth.userInfoRequest(
      this.server,
      this.client,
      token,
      this.options(step, more),
    );
    return oauth.processUserInfoResponse(
      this.server,
      this.client,
      oauth.skipSubjectCheck,
      response,
    );
  }

  /** Asks, as a resource server, whether a token is good (RFC 7662). */
  async introspect(step: StepActions, { access_token: token }: Tokens) {
    const response = await oauth.introspectionRequest(
      this.server,
      this.client,
      this.credentials.in(step),
      token,
      this.options(step),
    );
    return oauth.processIntrospectionResponse(this.server, this.client, response);
  }
}

/** A key for DPoP (RFC 9449), new for each run. */
export async function dpopKey(): Promise<oauth.DPoPHandle> {
  return oauth.DPoP({}, await oauth.generateKeyPair("ES256"));
}

/**
 * The error with which the server refuses what `asked` asks for; undefined if it does not. Rejects
 * if something else fails.
 */
export async function refusal(asked: Promise<unknown>): Promise<string | undefined> {
  try {
    await asked;
    return undefined;
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return error.error;
    // Beside a challenge, oauth4webapi does not read the body, which has the error, too.
    if (error instanceof oauth.WWWAuthenticateChallengeError)
      return (await error.response.clone().json()).error;
    throw error;
  }
}
