// A browser without a screen: it keeps cookies and fills in forms.
import assert from "node:assert/strict";
import { exchange, form } from "./http.mjs";

/** A browser of one user, at `origin`. */
export function browser(origin) {
  const cookies = new Map();

  async function visit(path, { headers = {}, ...request } = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await exchange(origin, {
      path,
      headers: { ...headers, ...(cookie && { cookie }) },
      ...request,
    });
    for (const line of answer.headers.getSetCookie()) {
      assert.match(line, /; HttpOnly; SameSite=Lax/);
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/; Max-Age=0(;|$)/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }

  /** Sends the page's form with these fields added; `null` takes a hidden field out. */
  function submit(page, fields, headers = { origin }) {
    const all = Object.entries({ ...hiddenFields(page), ...fields }).filter(
      ([, value]) => value !== null,
    );
    return visit(formAction(page), {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: form(all),
    });
  }

  const visitLocation = ({ location }) => {
    assert.equal(location.origin, origin);
    return visit(`${location.pathname}${location.search}`);
  };

  return { cookies, visit, submit, visitLocation };
}

/**
 * Where a page after a form leads, both automatically and by its link: `{ location }`, as for an
 * answer that redirects.
 */
export function goesOn({ status, headers, text }) {
  assert.equal(status, 200, text);
  assert.equal(headers.get("location"), null);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("referrer-policy"), "no-referrer");
  assert.match(headers.get("content-security-policy"), /(^|; )form-action 'self'(;|$)/);
  assert.doesNotMatch(text, /<script/);
  const address = unescaped(/<meta http-equiv="refresh" content="0;url=([^"]+)">/.exec(text)[1]);
  assert.equal(unescaped(/<a class="button" href="([^"]+)">/.exec(text)[1]), address);
  return { location: new URL(address) };
}

/** The hidden fields of the page's form. */
export function hiddenFields({ text }) {
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return Object.fromEntries(fields.map(([, name, value]) => [name, unescaped(value)]));
}

function formAction({ text }) {
  return unescaped(/<form method="post" action="([^"]+)"/.exec(text)[1]);
}

/** The text of the table's row with this heading. */
export function cell({ text }, heading) {
  const found = new RegExp(`<th scope="row">${heading}</th><td><code>([^<]*)</code>`).exec(text);
  return found && unescaped(found[1]);
}

export const unescaped = (text) =>
  text.replace(/&#(\d+);/g, (_, number) => String.fromCharCode(Number(number)));
