// The place that is this tab: engine, operations and endpoint run in the page.
import { AuthleteClient } from "authlete-token";
import { createEngine } from "authlete-token/engine";
import type { Place } from "./model";

export async function tabPlace(): Promise<Place> {
  const service = { serviceId: "1", bearer: "b", issuer: "http://localhost:8787" };
  const engine = await createEngine({ service });
  console.log(new AuthleteClient({ serviceId: "1", bearer: "b", engine }), await engine.jwks());
  throw new Error("This tab has no engine yet.");
}
