// A person walks through the playground, in Chromium.
import { walkIn } from "./walks.mjs";

await walkIn("chromium", "Chromium");
