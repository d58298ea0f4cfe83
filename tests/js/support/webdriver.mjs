// The parts of a WebDriver client (W3C) that the tests need, with the names of Playwright and
// Puppeteer.

/** How long a script may take, in milliseconds. */
const scriptTimeout = 180_000;

/**
 * Starts a session of the driver at `url`, which may not listen yet. `newPage()` opens a window,
 * `close()` ends the session.
 */
export async function startSession(url, capabilities) {
  const { sessionId } = await patiently(() =>
    send("POST", `${url}/session`, { capabilities: { alwaysMatch: capabilities } }),
  );
  const session = `${url}/session/${sessionId}`;
  await send("POST", `${session}/timeouts`, { script: scriptTimeout });
  let last = Promise.resolve();
  let current;
  /**
   * A command for a window. The current window is a state of the session, so commands run one after
   * the other.
   */
  const inWindow =
    (handle) =>
    (path, body, method = "POST") => {
      const result = last.then(async () => {
        if (current !== handle) await send("POST", `${session}/window`, { handle });
        current = handle;
        return send(method, `${session}/${path}`, body);
      });
      last = result.catch(() => {});
      return result;
    };
  // The first window of the session stays open, since a new one can only be opened from a window.
  const first = inWindow(await send("GET", `${session}/window`));
  return {
    newPage: async () => page(inWindow((await first("window/new", { type: "tab" })).handle)),
    close: () => send("DELETE", session),
  };
}

function page(command) {
  let timeout = 30_000;
  const evaluate = async (body, argument) => {
    const script = `
      const [argument, done] = arguments;
      new Promise((resolve) => resolve((${body})(argument))).then((value) => done({ value }), (error) => done({ failure: String(error?.stack ?? error) }));`;
    const { value, failure } = await command("execute/async", { script, args: [argument ?? null] });
    if (failure !== undefined) throw new Error(failure);
    return value;
  };
  return {
    goto: (url) => command("url", { url }),
    evaluate,
    setDefaultTimeout: (milliseconds) => {
      timeout = milliseconds;
    },
    waitForFunction: async (body) => {
      for (const end = performance.now() + timeout; !(await evaluate(body)); await pause()) {
        if (performance.now() > end) throw new Error(`still not true: ${body}`);
      }
    },
    close: () => command("window", undefined, "DELETE"),
    // The protocol has no such events: pages collect their errors themselves.
    on() {},
  };
}

async function send(method, url, body) {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`);
  return value;
}

async function patiently(attempt) {
  for (let left = 50; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await pause();
    }
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
