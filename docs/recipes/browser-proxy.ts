// The server's side of browser-page.ts: passes an operator's calls on to Authlete, with the bearer
// that no page may hold.
type Env = Record<"AUTHLETE_SERVICE_ID" | "AUTHLETE_BEARER", string> & {
  AUTHLETE_SERVER_URL?: string;
};

/** The APIs that the page may call. The bearer would give access to many more. */
const apis = ["/auth/token", "/auth/token/issue", "/auth/token/fail", "/idtoken/reissue"];

/**
 * Answers `POST /authlete/api/page/…`. `isOperator` is your own check of the session: anyone who
 * passes it can get tokens issued.
 */
export async function authleteProxy(
  request: Request,
  env: Env,
  isOperator: (request: Request) => Promise<boolean>,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const api = apis.find((path) => pathname === `/authlete/api/page${path}`);
  if (api === undefined || request.method !== "POST") return new Response(null, { status: 404 });
  // Browsers send the origin of the page: another site must not call this in the operator's name.
  if (request.headers.get("sec-fetch-site") !== "same-origin" || !(await isOperator(request)))
    return new Response(null, { status: 403 });

  for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"] as const)
    if (!env[name]) throw new Error(`The variable ${name} is not set.`);
  const server = (env.AUTHLETE_SERVER_URL ?? "https://us.authlete.com").replace(/\/$/, "");
  const answer = await fetch(`${server}/api/${encodeURIComponent(env.AUTHLETE_SERVICE_ID)}${api}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${env.AUTHLETE_BEARER}`,
      "content-type": "application/json",
      accept: "application/json",
    },
    body: await request.text(),
    signal: request.signal,
  });
  const headers = new Headers({ "cache-control": "no-store" });
  for (const name of ["content-type", "retry-after"]) {
    const value = answer.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(answer.body, { status: answer.status, headers });
}
