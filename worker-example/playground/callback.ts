// The page at which a login ends: tells the playground where the browser has come back to, and
// closes itself when the playground has taken that.
const channel = new BroadcastChannel("authlete-token-playground");
const { href, pathname } = location;
// The playground is in this browser: it answers at once, or not at all.
const waiting = setTimeout(() => {
  for (const part of document.querySelectorAll("[data-claimed]"))
    part.toggleAttribute("hidden", part.getAttribute("data-claimed") === "yes");
}, 2000);
channel.onmessage = ({ data }) => {
  if (data.taken !== href) return;
  clearTimeout(waiting);
  close();
};
channel.postMessage({ url: href });
// The code belongs to the playground now: not to this window's history.
history.replaceState(null, "", pathname);
export {};
