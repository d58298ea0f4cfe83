// The states in which people see the playground and the pages of its logins: how each is reached.
// Tests of accessibility look at all of them, in the way that axe does, and screenshots show them.
import { announced, open, openLogin, play } from "./walk.mjs";

const done = (title) => async (tab, url) => {
  await open(tab, url);
  await play(tab, { title });
};

/** Opens every line, so that nothing is left out. */
export const openLines = (tab) =>
  tab.page.evaluate(() => {
    for (const line of document.querySelectorAll("details")) line.open = true;
  });

const waiting = async (tab, url) => {
  await open(tab, `${url}#flow=authorization-code&run`);
  await announced(tab, "waits for your login");
};

/** Where the demo's own client and the playground go to log in. */
const authorize = (url, more) =>
  `${url}authorize?${new URLSearchParams({
    response_type: "code",
    client_id: "web-app",
    redirect_uri: `${url}callback`,
    scope: "openid profile email",
    ...more,
  })}`;

async function logInAt(tab, username, button) {
  await tab.fill("User name", username);
  await tab.fill("Password", `${username}-demo-password`);
  await tab.click("button", button);
}

/** Over a worker. */
export const states = {
  empty: open,
  waiting,
  "client credentials": done("A service gets a token"),
  "refused as it should be": done("A guessed secret"),
  async "code flow with all lines open"(tab, url) {
    await done("A user logs in")(tab, url);
    await openLines(tab);
  },
  async "all code shown"(tab, url) {
    await done("A service gets a token")(tab, url);
    await tab.click("button", "curl");
    await tab.click("button", "Show secrets");
  },
  "login page": (tab, url) => tab.goto(authorize(url, { resource: "http://localhost:3000/mcp" })),
  async "wrong password"(tab, url) {
    await tab.goto(authorize(url));
    await logInAt(tab, "nobody", "Log in and allow");
    await tab.until(() => document.querySelector("[role=alert]") !== null);
  },
  async "tokens page"(tab, url) {
    await tab.goto(`${url}callback?client_id=web-app`);
    await logInAt(tab, "alice", "Log in and allow");
    await tab.sees("Tokens for");
  },
  "refusal page": (tab, url) => tab.goto(authorize(url, { client_id: "nobody" })),
  "start page": (tab, url) => tab.goto(url.replace("localhost", "127.0.0.1")),
  async "way back to the app"(tab, url) {
    // The app takes the code and shows no page: the browser stays where it is.
    const app = "http://127.0.0.1:9/callback";
    await tab.page.route(`${app}*`, (route) => route.fulfill({ status: 204 }));
    await tab.goto(authorize(url, { client_id: "private-key-jwt-app", redirect_uri: app }));
    await logInAt(tab, "alice", "Log in and allow");
    await tab.sees("Back to");
  },
  async "the worker is gone"(tab, url) {
    await open(tab, url);
    await tab.page.route("**/token", (route) => route.abort());
    await play(tab, { title: "A service gets a token" });
    await tab.sees("did not answer");
  },
  async "the worker does not answer"(tab, url) {
    await tab.page.route("**/playground/setup", (route) => route.abort());
    await tab.goto(url);
    await tab.sees("Try again");
  },
};

/** In a tab: what is different there. */
export const tabStates = {
  "empty tab": open,
  async "dialog with the login"(tab, url) {
    await waiting(tab, url);
    await openLogin(tab);
    await tab.until(() => document.querySelector("dialog[open] form") !== null);
  },
  async "stopped and replaced"(tab, url) {
    await waiting(tab, url);
    await play(tab, { title: "User name and password" });
  },
};
