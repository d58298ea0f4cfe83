// One way to use Playwright (Chromium) and Puppeteer (Firefox) as a person: by the roles, names and
// labels that a page has, in tabs that share a profile.
import { setTimeout as sleep } from "node:timers/promises";
import { launchBrowser } from "../../support/browser.mjs";

/** What the two libraries do in different ways. */
const drivers = {
  chromium: {
    async profile(browser, { scheme = "light", width = 1280, height = 900, scale = 1 }) {
      const context = await browser.newContext({
        colorScheme: scheme,
        viewport: { width, height },
        deviceScaleFactor: scale,
        reducedMotion: "reduce",
      });
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      return context;
    },
    control: (page, role, name) => page.getByRole(role, { name, exact: true }),
    click: (_page, handle) => handle.click(),
    fill: (handle, value) => handle.fill(value),
    choose: (handle, value) => handle.selectOption(value),
    contextOf: (page) => page.context(),
  },
  firefox: {
    profile: (browser) => browser.createBrowserContext(),
    // Not by Firefox's accessibility tree: with it, each click takes seconds.
    control: (page, role, name) => ({
      click: async () => drivers.firefox.click(page, await found(page, controlIn, [role, name])),
    }),
    // Puppeteer first scrolls, and waits for an answer that tabs in the background don't give.
    async click(page, handle) {
      await page.bringToFront();
      await handle.click();
    },
    fill: (handle, value) => handle.asLocator().fill(value),
    choose: (handle, value) => handle.select(value),
    contextOf: (page) => page.browserContext(),
  },
};

/** How long a person waits for what a page is to show, in milliseconds. */
const patience = 15_000;

/** Launches a browser. `profile()` makes a profile without cookies, `close()` ends all. */
export async function openBrowser(key) {
  const browser = await launchBrowser(key);
  const driver = drivers[key];
  return {
    async profile(options = {}) {
      const context = await driver.profile(browser, options);
      return {
        context,
        tab: async () => new Tab(await context.newPage(), driver),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

/** A tab or window, and what the browser complains about in it. */
export class Tab {
  /** Errors and warnings of the console, scripts that fail, requests without an answer. */
  complaints = [];
  /** Answers with a status of 400 or more, as "400 /path". */
  refusals = [];
  #driver;

  constructor(page, driver) {
    this.page = page;
    this.#driver = driver;
    page.setDefaultTimeout(patience);
    page.on("console", (message) => {
      // Chromium says of every refusal that a resource failed to load; `refusals` has them.
      const refusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
      if (/^(error|warn)/.test(message.type()) && !refusal)
        this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`page error: ${error.message}`));
    page.on("requestfailed", (request) => this.complaints.push(`no answer: ${request.url()}`));
    page.on("response", (response) => {
      if (response.status() >= 400)
        this.refusals.push(`${response.status()} ${new URL(response.url()).pathname}`);
    });
  }

  goto(url) {
    return this.page.goto(url);
  }

  /** Clicks what has this role and name. */
  click(role, name) {
    return this.#driver.control(this.page, role, name).click();
  }

  /** Fills in the field with this label; of a select, it chooses the option with this value. */
  async fill(label, value) {
    const field = await found(this.page, fieldIn, label);
    const isSelect = await field.evaluate((control) => control.localName === "select");
    await this.#driver[isSelect ? "choose" : "fill"](field, value);
  }

  /** What is in the fields with these labels. */
  fields(labels) {
    return this.page.evaluate(
      (wanted) =>
        wanted.map(
          (label) =>
            [...document.querySelectorAll("label")].find((one) => one.textContent === label).control
              .value,
        ),
      labels,
    );
  }

  /** Clicks the element that a function finds in the page. */
  async clickOn(find, argument) {
    await this.#driver.click(this.page, await found(this.page, find, argument));
  }

  /** Runs a function in the page until its result is true, or something like it. */
  until(look, argument, whatFor = String(look)) {
    return patiently(() => this.page.evaluate(look, argument), `${whatFor} at ${this.page.url()}`);
  }

  /** Waits until the page shows this text. */
  sees(text) {
    return this.until((wanted) => document.body.innerText.includes(wanted), text, text);
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  /** What was copied, as it comes out when it is pasted. */
  async pasted() {
    await this.page.bringToFront();
    await this.page.evaluate(() => {
      document.body.append(document.createElement("textarea"));
      document.body.lastChild.focus();
    });
    await this.page.keyboard.down("Control");
    await this.page.keyboard.press("v");
    await this.page.keyboard.up("Control");
    const text = await this.until(() => document.body.lastChild.value, undefined, "pasted text");
    await this.page.evaluate(() => document.body.lastChild.remove());
    return text;
  }

  /** The window that `act` opens. */
  async windowOf(act) {
    const context = this.#driver.contextOf(this.page);
    const before = new Set(await context.pages());
    await act();
    const opened = async () => (await context.pages()).find((page) => !before.has(page));
    return new Tab(await patiently(opened, "a new window"), this.#driver);
  }

  /** Waits until the window has closed by itself. */
  async closed() {
    const text = () => this.page.evaluate(() => document.body.innerText).catch(() => "");
    let last = "";
    const ended = async () => {
      if (this.page.isClosed()) return true;
      last = await text();
      return false;
    };
    await patiently(ended, () => `the end of the window with: ${last}`);
  }

  close() {
    return this.page.close();
  }
}

/** The first result that is true, or something like it. */
async function patiently(look, whatFor) {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(30)) {
    // A page that goes elsewhere in this moment can't be asked; nor can a new window.
    const seen = await Promise.resolve(look()).catch(() => undefined);
    if (seen) return seen;
  }
  throw new Error(`Waited in vain for ${typeof whatFor === "function" ? whatFor() : whatFor}`);
}

/** The element that a function finds in the page, once it is there. */
async function found(page, find, argument) {
  return patiently(
    async () => (await page.evaluateHandle(find, argument)).asElement(),
    `${find.name} ${argument}`,
  );
}

function controlIn([role, name]) {
  const elements = document.querySelectorAll({ button: "button", link: "a[href]" }[role]);
  return [...elements].find(
    (element) => (element.getAttribute("aria-label") ?? element.innerText.trim()) === name,
  );
}

function fieldIn(label) {
  return [...document.querySelectorAll("label")].find((one) => one.textContent.trim() === label)
    ?.control;
}
