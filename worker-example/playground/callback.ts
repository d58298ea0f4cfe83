// The page at which a login ends: tells the playground where the browser has come back to.
new BroadcastChannel("authlete-token-playground").postMessage({ url: location.href });
close();
export {};
