// The login in a tab without a server: the server's own pages, shown in a dialog of this page.
import { isBack, type Visited } from "./tab-browser";

/**
 * Shows the page at `address` until it leads back to the playground. Rejects with an `AbortError`
 * if the dialog is closed, and if `signal` fires.
 */
export function showLogin(
  address: string,
  signal: AbortSignal,
  visit: (request: Request) => Promise<Visited>,
): Promise<URL> {
  return new Promise((resolve, reject) => {
    const { dialog, content } = emptyDialog(new URL(address).origin);
    let shown = address;

    const go = async (request: Request) => {
      const { response, url } = await visit(request);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = new URL(refreshOf(page) ?? url, url);
      if (isBack(next)) {
        resolve(next);
        dialog.close();
        return;
      }
      shown = url;
      content.replaceChildren(...(page.querySelector("main")?.childNodes ?? []));
      if (dialog.open) focusIn(content);
      else dialog.showModal();
    };
    const goOrEnd = (request: Request) =>
      go(request).catch((error) => {
        reject(error);
        dialog.close();
      });

    content.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      const fields = new URLSearchParams();
      for (const [name, value] of new FormData(form, event.submitter))
        fields.append(name, String(value));
      const target = new URL(form.getAttribute("action") ?? "", shown);
      goOrEnd(new Request(target, { method: "POST", body: fields }));
    });
    content.addEventListener("click", (event) => {
      const link = (event.target as Element).closest("a[href]");
      if (link === null) return;
      event.preventDefault();
      const target = new URL(link.getAttribute("href") ?? "", shown);
      if (!isBack(target)) goOrEnd(new Request(target));
    });
    // Escape closes it, too. After `resolve`, this has no effect.
    dialog.addEventListener("close", () => {
      dialog.remove();
      signal.removeEventListener("abort", stop);
      reject(new DOMException("The login was closed: open it again.", "AbortError"));
    });
    const stop = () => {
      reject(signal.reason);
      dialog.close();
    };
    signal.addEventListener("abort", stop);

    document.body.append(dialog);
    goOrEnd(new Request(address));
  });
}

/** A dialog with the address that the page in it would have, and a button that closes it. */
function emptyDialog(address: string) {
  const dialog = document.createElement("dialog");
  dialog.className = "login";
  dialog.setAttribute("aria-label", `Page of ${address}`);
  const bar = document.createElement("div");
  bar.className = "login-bar";
  const title = document.createElement("span");
  const code = document.createElement("code");
  code.textContent = address;
  title.append(code, " (simulated in this tab)");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button small";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  bar.append(title, close);
  const content = document.createElement("div");
  content.className = "page";
  dialog.append(bar, content);
  return { dialog, content };
}

/** Where a page goes without a click. */
function refreshOf(page: Document): string | undefined {
  const content = page.querySelector('meta[http-equiv="refresh"]')?.getAttribute("content");
  return content?.replace(/^0;url=/, "");
}

/** Moves the focus to what a new page asks for first. */
function focusIn(content: HTMLElement): void {
  const first = content.querySelector<HTMLElement>(
    "[autofocus], input:not([type=hidden]), button, a",
  );
  first?.focus();
}
