// As much of a WebDriver client (W3C) as the tests need, in the words of Playwright and Puppeteer.

/** How long a script may take, in milliseconds. */
const scriptTimeout = 180_000;

/**
 * Starts a session of the driver at `url`, which may take a moment to listen. `newPage()` opens a
 * window, `close()` ends the session.
 */
export async function startSession(url, capabilities) {
  const { sessionId } = await patiently(() =>
    send("POST", `${url}/session`, { capabilities: { alwaysMatch: capabilities } }),
  );
  const session = `${url}/session/${sessionId}`;
  await send("POST", `${session}/timeouts`, { script: scriptTimeout });
  let last = Promise.resolve();
  /**
   * A command for a window. Which window is meant is a state of the session, so that commands wait
   * for each other.
   */
  const inWindow =
    (handle) =>
    (path, body, method = "POST") => {
      const result = last.then(async () => {
        await send("POST", `${session}/window`, { handle });
        return send(method, `${session}/${path}`, body);
      });
      last = result.catch(() => {});
      return result;
    };
  // The one that every session begins with stays, so that there is always one to ask for another.
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
        if (performance.now() > end) throw new Error(`still not so: ${body}`);
      }
    },
    close: () => command("window", undefined, "DELETE"),
    // The protocol tells nothing of the kind: pages collect their errors themselves.
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
