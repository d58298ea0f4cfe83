// What there is to try, in the order in which the page shows it.
import type { Flow } from "../model";
import { authorizationCode } from "./authorization-code";
import { clientCredentials } from "./client-credentials";

export const flows: readonly Flow[] = [authorizationCode, clientCredentials];
