// Code for workers that several steps show.

/** The token endpoint in a worker; `options` are lines of options beside the client. */
export function tokenWorker(options = ""): string {
  const call =
    options === ""
      ? "handleTokenRequest(request, { authlete })"
      : `\n  handleTokenRequest(request, {\n    authlete,\n${options}  })`;
  return `import { handleTokenRequest } from "authlete-token";

// authlete = new AuthleteClient({ serviceId, bearer, engine }); without engine, Authlete answers.
export const token = (request: Request) =>${options === "" ? " " : ""}${call};
`;
}

/** The authorization endpoint, but for its pages. */
export const authorizeWorker = `export async function authorize(request: Request) {
  const checked = await engine.checkAuthorization(new URL(request.url).search);
  if (!checked.accepted) return refuse(checked);
  const subject = await login(request, checked); // Your login page.
  const { code } = await engine.issueAuthorizationCode({ ...checked.code, subject });
  return sendBack(checked, { code });
}
`;

/** A protected resource at the same server, also for bound tokens. */
export const resourceWorker = `export async function userinfo(request: Request) {
  const [scheme = "", token = ""] = (request.headers.get("authorization") ?? "").split(" ");
  const verdict = await engine.verifyAccess({
    token,
    scheme,
    dpop: request.headers.get("dpop"),
    htm: request.method,
    htu: "https://auth.example.com/userinfo",
  });
  const headers = new Headers(verdict.dpopNonce ? { "dpop-nonce": verdict.dpopNonce } : {});
  if (verdict.accepted) return Response.json(await claimsOf(verdict.token), { headers });
  headers.set("www-authenticate", verdict.challenge);
  return new Response(null, { status: 401, headers });
}
`;

/** The introspection endpoint. */
export const introspectWorker = `export const introspect = (request: Request) =>
  engine.handleIntrospectionRequest(request);
`;
