// Hand-written token endpoints, as short as possible: one without any check, and one with the few
// checks that a careful author would not leave out.
import { headers, url } from "./exchange.mjs";

const STATUS = { OK: 200, BAD_REQUEST: 400, INVALID_CLIENT: 401 };

/** For requests and answers that are always valid. */
export function bare(fetch) {
  return async (incoming) => {
    const [clientId, clientSecret] = atob(incoming.headers.get("authorization").slice(6))
      .split(/:(.*)/s)
      .map(decodeURIComponent);
    const body = JSON.stringify({ parameters: await incoming.text(), clientId, clientSecret });
    const response = await fetch(url, { method: "POST", headers, body });
    const { action, responseContent } = await response.json();
    return answer(STATUS[action] ?? 500, responseContent);
  };
}

/**
 * With a cap on the body, form-encoded credentials (RFC 6749 §2.3.1), a deadline, and an answer for
 * everything that goes wrong.
 */
export function careful(fetch) {
  return async (incoming) => {
    try {
      if (incoming.method !== "POST")
        return answer(405, '{"error":"invalid_request"}', { allow: "POST" });
      if (!(Number(incoming.headers.get("content-length") ?? Number.NaN) <= 65_536))
        return answer(413, '{"error":"invalid_request"}');
      const parameters = await incoming.text();
      const credentials = basic(incoming.headers.get("authorization"));
      const response = await fetchInTime(fetch, JSON.stringify({ parameters, ...credentials }));
      switch (response.action) {
        case "OK":
          return answer(200, response.responseContent);
        case "BAD_REQUEST":
          return answer(400, response.responseContent);
        case "INVALID_CLIENT":
          return answer(401, response.responseContent, {
            "www-authenticate": 'Basic realm="token"',
          });
        default:
          return answer(500, '{"error":"server_error"}');
      }
    } catch {
      return answer(500, '{"error":"server_error"}');
    }
  };
}

async function fetchInTime(fetch, body) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 10_000);
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal: controller.signal });
    if (!response.ok) throw new Error("no answer");
    return await response.json();
  } finally {
    clearTimeout(timer);
  }
}

function basic(value) {
  if (value === null) return {};
  if (!/^basic /i.test(value)) throw new Error("not Basic");
  const text = atob(value.slice(6).trim());
  const colon = text.indexOf(":");
  const decode = (half) => decodeURIComponent(half.replaceAll("+", " "));
  return { clientId: decode(text.slice(0, colon)), clientSecret: decode(text.slice(colon + 1)) };
}

function answer(status, body, more) {
  return new Response(body, {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      pragma: "no-cache",
      ...more,
    },
  });
}
