// Users: looking one up, and checking a password in a time that does not reveal what was wrong.
import { type Env, type User, usersOf } from "./config";

/** The user with this name and password, or null. */
export async function authenticate(
  env: Env,
  username: string,
  password: string,
): Promise<User | null> {
  const user = usersOf(env).find((candidate) => candidate.username === username);
  // An unknown user takes the same comparison, so that the time does not reveal who exists.
  const right = await sameText(password, user?.password ?? crypto.randomUUID());
  return user !== undefined && right ? user : null;
}

/** The user with this subject. */
export function userBySubject(env: Env, subject: string | undefined): User | undefined {
  return usersOf(env).find((user) => user.sub === subject);
}

/** Compares two texts by their digests, so that the time reveals neither length nor content. */
export async function sameText(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(left), digest(right)]);
  // No early end. Browsers have no `timingSafeEqual`.
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** The claims that each scope value requests (OpenID Connect Core §5.4). */
const claimsOfScope: Readonly<Record<string, readonly string[]>> = {
  profile: [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
  ],
  email: ["email", "email_verified"],
  address: ["address"],
  phone: ["phone_number", "phone_number_verified"],
};

/** The user's claims that `scopes` request. */
export function claimsForScopes(user: User, scopes: readonly string[]): Record<string, unknown> {
  return claimsNamed(
    user,
    scopes.flatMap((scope) =>
      Object.hasOwn(claimsOfScope, scope) ? (claimsOfScope[scope] ?? []) : [],
    ),
  );
}

/** The user's claims with these names. */
export function claimsNamed(user: User, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(user.claims ?? {}).filter(([name]) => name !== "sub" && names.includes(name)),
  );
}
