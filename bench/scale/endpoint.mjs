// A token endpoint over an engine whose clock goes on by itself, so that its own tokens expire
// while it is measured, and the number of live rows stays the same.
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { createEngine } from "authlete-token/engine";
import { client, pkce, redirectUri, scope } from "../endpoint/client.mjs";
import { config, service } from "../endpoint/engine-config.mjs";
import { fill, recorder, YEAR } from "./rows.mjs";

/** How far the clock goes on with each request: an access token lives for some hundred requests. */
const STEP = 36_000;

const headers = { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` };

/** The grants that are measured. */
export const grants = ["client_credentials", "refresh_token"];

/** When the measurement begins, by the clock of the engine. */
const START = 1_790_000_000_000;

/** An endpoint over `store`, which has been filled before. */
export const endpointOver = (store) => endpoint(store, { now: START });

/** An endpoint over an empty `store`, which gets `rows` live rows first. */
export async function filledEndpoint(store, rows) {
  const clock = { now: START };
  const open = (storage) => endpoint(storage, clock);
  const recording = recorder(store);
  const first = await open(recording);
  await first.run("client_credentials", 1);
  await first.run("refresh_token", 1);
  fill(store, recording.samples(), rows, clock.now);
  return open(store);
}

/** Tokens whose life is in the hand of who measures; the clock stands still between expiries. */
export async function mortalTokens(storage) {
  const clock = { now: START };
  const { engine, run } = await endpoint(storage, clock, { sweep: false });
  return {
    /** Sends that many requests, as many of each grant. */
    async issue(count) {
      for (const grant of grants) await run(grant, count / grants.length, 0);
    },
    /** Lets all tokens expire, removes them, and returns how many rows they were. */
    async expire() {
      clock.now += YEAR;
      for (let rows = 0; ; ) {
        const { removed, more } = await engine.expire();
        rows += removed;
        if (!more) return rows;
      }
    },
  };
}

/** An endpoint over a storage; `clock.now` is its time. */
export async function endpoint(storage, clock, options = {}) {
  const engine = await createEngine(config, { storage, now: () => clock.now, ...options });
  const authlete = new AuthleteClient({
    ...service,
    serverURL: "https://engine.invalid",
    fetch: (input, init) => engine.fetch(new Request(input, init)),
  });
  const token = async (fields) => {
    const body = new URLSearchParams(fields);
    const request = new Request("https://as.example.com/token", { method: "POST", headers, body });
    const response = await handleTokenRequest(request, { authlete });
    if (response.status !== 200) throw new Error(await response.text());
    return response.json();
  };

  /** The next refresh token, and when it was issued. */
  let next = { at: Number.NEGATIVE_INFINITY };
  const login = async () => {
    const { code } = await engine.issueAuthorizationCode({
      client_id: client.id,
      subject: "user-1",
      scope,
      redirect_uri: redirectUri,
      code_challenge: pkce.challenge,
      code_challenge_method: "S256",
    });
    const tokens = await token({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      code_verifier: pkce.verifier,
    });
    return tokens.refresh_token;
  };
  const requests = {
    client_credentials: () => token({ grant_type: "client_credentials", scope }),
    async refresh_token() {
      // The clock may have gone on by much more since the last time.
      const refresh_token = clock.now - next.at < 100 * STEP ? next.refresh_token : await login();
      const tokens = await token({ grant_type: "refresh_token", refresh_token });
      next = { refresh_token: tokens.refresh_token, at: clock.now };
    },
  };
  return {
    engine,
    /** Sends that many requests, one after the other. */
    async run(grant, count, step = STEP) {
      for (let n = 0; n < count; n += 1) {
        await requests[grant]();
        clock.now += step;
      }
    },
  };
}
