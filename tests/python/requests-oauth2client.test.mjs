// requests-oauth2client with the endpoint over the engine. `client.py` does what these tests say.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import test from "node:test";
import { fileURLToPath } from "node:url";
import {
  basic,
  certified,
  fetched,
  flows,
  open,
  shared,
  signed,
} from "../js/oauth-clients/flows.mjs";

const script = fileURLToPath(new URL("client.py", import.meta.url));
// -s and -B: no packages of the user's, and no files beside the script.
const python = spawn(process.env.PYTHON ?? "python3", ["-s", "-B", script], {
  stdio: ["pipe", "pipe", "inherit"],
});
test.after(() => python.stdin.end());
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

/** One call after the other. */
async function call(command) {
  python.stdin.write(`${JSON.stringify(command)}\n`);
  const { done, value } = await answers.next();
  if (done) throw new Error("Python has ended: its packages are installed by npm test");
  const { result, error } = JSON.parse(value);
  if (error !== undefined) throw new Error(error);
  return result;
}

let clients = 0;

function library({ origin }, { privateKey, ...client }) {
  clients += 1;
  const number = clients;
  let set_up = { origin, ...client };
  const does = async (does) => {
    const tokens = await call({ client: number, does, set_up });
    set_up = undefined;
    return tokens;
  };
  // The tokens stay where they are: they know their key.
  return { signIn: () => does("signIn"), refresh: () => does("refresh"), own: () => does("own") };
}

flows("requests-oauth2client", library, [basic, shared, ...signed, fetched, ...certified, open]);
