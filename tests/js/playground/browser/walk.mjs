// What a person does with the playground, in whatever browser and mode.

/** Opens the playground, and waits until it can be used. */
export async function open(tab, url) {
  await tab.goto(url);
  await tab.until(() => document.querySelector("nav[aria-label=Flows]") !== null);
}

/** Chooses a flow, fills in its options, runs it to its end: what was announced of that. */
export async function play(tab, { title, choose = {} }) {
  await tab.click("button", title);
  for (const [label, value] of Object.entries(choose)) await tab.fill(label, value);
  await tab.click("button", "Run");
  return finish(tab);
}

/** Logs in where a run asks for it, until it has ended: what was announced of that. */
export async function finish(tab) {
  for (;;) {
    const heard = await announced(tab, "waits for your login|is complete|has ended early");
    if (!heard.includes("waits for your login")) return heard;
    await logIn(tab);
    await announced(tab, "^(?!.*waits for your login)");
  }
}

/** What a screen reader was told of the run, once it matches. */
export function announced(tab, pattern) {
  return tab.until(
    (source) => {
      const text = document.querySelector("#timeline > [role=status]")?.textContent ?? "";
      return new RegExp(source).test(text) && text;
    },
    pattern,
    `the announcement ${pattern}`,
  );
}

/** Logs in for the step that waits: in the window that it opens, or in its dialog. */
export async function logIn(tab) {
  const login = await openLogin(tab);
  await fillIn(login);
  if (login !== tab) await login.closed();
}

/** Fills in the login page, and sends it. */
export async function fillIn(login) {
  await login.page.bringToFront();
  await login.fill("User name", "alice");
  await login.fill("Password", "alice-demo-password");
  await login.click("button", "Log in and allow");
}

/** Opens the login page: the tab with it, which is the same one if it is in a dialog. */
export async function openLogin(tab) {
  const press = () => tab.click("button", "Open the login page");
  const overWorker = await tab.page.evaluate(
    () => document.documentElement.dataset.mode === "worker" && !/in=tab/.test(location.search),
  );
  if (overWorker) return tab.windowOf(press);
  await press();
  return tab;
}

/** The steps of the run: title, state, and the text that is to be seen without opening a line. */
export function stepsOf(tab) {
  return tab.page.evaluate(() =>
    [...document.querySelectorAll("#timeline > ol > li")].map((step) => {
      const [heading, state] = ["h3", "header > :last-child"].map(
        (part) => step.querySelector(part).innerText,
      );
      return {
        title: heading.replace(/^Step \d+:\s*/, "").trim(),
        state: state.trim(),
        text: step.innerText.replaceAll(/\s+/g, " "),
      };
    }),
  );
}

/** What the text of a step has that matches, once it is there. */
export function stepSees(tab, step, pattern) {
  return tab.until(
    ([number, source]) => {
      const item = document.querySelectorAll("#timeline > ol > li")[number - 1];
      const found = new RegExp(source).exec(item?.innerText.replaceAll(/\s+/g, " ") ?? "");
      return found && [...found];
    },
    [step, pattern],
    `${pattern} in step ${step}`,
  );
}

/** Opens the first closed line of a step that says this. */
export async function openLine(tab, step, text) {
  await tab.clickOn(lineOf, [step, text]);
}

function lineOf([step, text]) {
  const item = document.querySelectorAll("#timeline > ol > li")[step - 1];
  return [...item.querySelectorAll("summary")].find(
    (line) =>
      line.checkVisibility() &&
      !line.parentElement.open &&
      line.innerText.replaceAll(/\s+/g, " ").includes(text),
  );
}

/** Presses a button of a step. */
export function press(tab, step, name) {
  return tab.clickOn(buttonOf, [step, name]);
}

function buttonOf([step, name]) {
  const item = document.querySelectorAll("#timeline > ol > li")[step - 1];
  return [...item.querySelectorAll("button")].find(
    (button) =>
      button.checkVisibility() &&
      (button.getAttribute("aria-label") ?? button.innerText.trim()) === name,
  );
}
