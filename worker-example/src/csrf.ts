// Forms are accepted only from pages that this worker served to the same browser: cookie and form
// must contain the same token.
import { cookie, randomText, setCookie } from "./http";
import { pathOf } from "./issuer";
import { sameText } from "./users";

const name = "form_token";
/** One hour: enough time to log in. */
const seconds = 3600;

/**
 * The token for a form and the cookie that goes with it. A token that the browser already has is
 * kept, so that forms in two tabs both work.
 */
export function formToken(
  request: Request,
  issuer: string,
): { readonly token: string; readonly cookie: string } {
  const token = presentToken(request) ?? randomText();
  return { token, cookie: setCookie(request, name, token, pathOf(issuer) || "/", seconds) };
}

/**
 * Whether a submitted form has the browser's token and, if the browser sends `Origin`, comes from
 * the origin of the request or of the issuer.
 */
export async function isOwnForm(
  request: Request,
  form: URLSearchParams,
  issuer: string,
): Promise<boolean> {
  const origin = request.headers.get("origin");
  if (origin !== null && ![request.url, issuer].some((url) => new URL(url).origin === origin))
    return false;
  const expected = presentToken(request);
  return expected !== undefined && (await sameText(form.get(name) ?? "", expected));
}

/** The browser's token, if it has the form of ours. */
function presentToken(request: Request): string | undefined {
  const token = cookie(request, name);
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
}

/** The name of the form field. */
export const formTokenField = name;
