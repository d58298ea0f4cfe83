// A `fetch` that plays Authlete: it records its arguments, and gives prepared answers.

/** A JSON answer of Authlete. A string is sent as it is. */
export function json(body, { status = 200, headers = {} } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/**
 * A stand-in for Authlete. Each call gets the next of `answers` (a function is called with URL and
 * init; a plain object is sent as JSON); the last one is repeated.
 */
export function upstream(...answers) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, init, headers: init.headers, body: JSON.parse(init.body) });
    const answer = answers[Math.min(calls.length, answers.length) - 1];
    if (typeof answer === "function") return answer(url, init);
    return answer instanceof Response ? answer : json(answer);
  };
  return { fetch, calls };
}

/** An answer of a recorded exchange (`apiResponse` of a fixture). */
export function recorded({ status, headers = { "content-type": "application/json" }, body }) {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
}

/** A promise that never settles. */
export const never = () => new Promise(() => {});

/** A promise that resolves after this many milliseconds. */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A stream that gives `chunk` again and again; `state` counts, and says whether the reader gave up.
 */
export function endless(chunk = new Uint8Array(16_384)) {
  const state = { chunks: 0, cancelled: false };
  const stream = new ReadableStream({
    pull(controller) {
      state.chunks += 1;
      controller.enqueue(chunk);
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { stream, state };
}
