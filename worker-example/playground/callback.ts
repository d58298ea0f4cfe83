// The page at which a login ends: tells the playground where the browser has come back to.
new BroadcastChannel("authlete-token-playground").postMessage({ url: location.href });
// The code belongs to the playground now: not to this window's history.
history.replaceState(null, "", location.pathname);
close();
export {};
