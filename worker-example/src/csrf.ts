// Forms are accepted only from pages that this worker served to the same browser: a token in a cookie and, equal, in the form.
import { cookie, randomText, setCookie } from "./http";
import { sameText } from "./users";

const name = "form_token";
/** Time enough to log in: one hour. */
const seconds = 3600;

/** The token for a form and the cookie that goes with it. A token that the browser has already is kept, so that two tabs both work. */
export function formToken(request: Request): { readonly token: string; readonly cookie: string } {
  const present = cookie(request, name);
  const token = present !== undefined && /^[\w-]{43}$/.test(present) ? present : randomText();
  return { token, cookie: setCookie(request, name, token, "/", seconds) };
}

/** Whether a submitted form carries the browser's token and, where the browser says so, comes from this origin. */
export async function isOwnForm(request: Request, form: URLSearchParams): Promise<boolean> {
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== new URL(request.url).origin) return false;
  const expected = cookie(request, name);
  return expected !== undefined && (await sameText(form.get(name) ?? "", expected));
}

/** The name of the form field. */
export const formTokenField = name;
