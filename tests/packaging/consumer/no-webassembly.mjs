// What the slim entries say in a runtime without WebAssembly.
import * as engine from "authlete-token/engine/slim";
import * as pkg from "authlete-token/slim";

const thrown = ({ initializeWasm, AuthleteError }) => {
  try {
    initializeWasm(new Uint8Array());
  } catch (error) {
    return { ours: error instanceof AuthleteError, code: error.code, message: error.message };
  }
};
console.log(JSON.stringify([pkg, engine].map(thrown)));
