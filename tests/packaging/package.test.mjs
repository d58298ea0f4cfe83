// The package as npm packs it, once for all tests: what is in the tarball, and users' projects that
// install it.
import { after } from "node:test";
import { consumers } from "./consumers.cases.mjs";
import { loading } from "./loading.cases.mjs";
import { pack } from "./support/pack.mjs";
import { tarball } from "./tarball.cases.mjs";

const packed = await pack();
after(packed.dispose);

tarball(packed);
consumers(packed);
loading(packed);
