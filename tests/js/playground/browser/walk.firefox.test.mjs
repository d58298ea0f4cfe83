// A person walks through the playground, in Firefox.
import { walkIn } from "./walks.mjs";

await walkIn("firefox", "Firefox");
