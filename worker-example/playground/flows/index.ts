// What there is to try, in the order in which the page shows it.
import type { Flow } from "../model";
import { authorizationCode } from "./authorization-code";
import { clientCredentials } from "./client-credentials";
import { dpop } from "./dpop";
import { idTokenReissue } from "./id-token-reissue";
import { lostAnswer } from "./lost-answer";
import { mcp } from "./mcp";
import { password } from "./password";
import { refresh } from "./refresh";
import { refreshReuse } from "./refresh-reuse";
import { replayedCode } from "./replayed-code";
import { resource } from "./resource";
import { stolenToken } from "./stolen-token";
import { wrongSecret } from "./wrong-secret";

export const flows: readonly Flow[] = [
  clientCredentials,
  authorizationCode,
  password,
  mcp,
  refresh,
  lostAnswer,
  idTokenReissue,
  dpop,
  resource,
  wrongSecret,
  replayedCode,
  refreshReuse,
  stolenToken,
];
