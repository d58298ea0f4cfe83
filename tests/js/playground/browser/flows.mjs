// What there is to see of each flow: its steps with their states and what has come of them; lines
// that can be read at a glance; lines that can be opened, and what is in them then; and the answers
// that refuse something.

const done = "Done";
const refused = "Refused, as it should be";
const prepared = ["Preparation: alice logs in, and the app gets tokens", done, "back with a code"];

export const flows = [
  {
    title: "A service gets a token",
    choose: { Client: "private-key-jwt-app" },
    steps: [["private-key-jwt-app asks for a token", done, "The token is good for read."]],
    glance: [
      [1, "POST /token grant_type=client_credentials"],
      [1, "client_assertion_type"],
    ],
    opened: [
      [1, "POST /token", ["client_assertion ••••••"]],
      [1, "Client assertion JWT signed with ES256", ["sub private-key-jwt-app", "(in 1 minute)"]],
      [1, "checks passed", ["Signature of the assertion passed ES256", "RFC 7523 §3"]],
    ],
  },
  {
    title: "A user logs in",
    steps: [
      ["The user logs in", done, "The browser is back, with a code."],
      ["The app exchanges the code", done, "an ID token that says who it is."],
      ["The app uses the access token", done, "The token is good: it belongs to Alice Example."],
    ],
    glance: [
      [2, "POST /token grant_type=authorization_code"],
      [2, "Token endpoint asks /auth/token"],
      [2, "/auth/token answers action OK"],
      [2, "answers 200 OK: access token, refresh token, ID token, for 1 hour"],
      [3, "verifyAccess"],
    ],
    opened: [
      [2, "POST /token", ["Parameters of the form", "code_verifier ••••••"]],
      [2, "asks /auth/token", ["What the endpoint sent", '"clientSecret": "••••••']],
      [
        2,
        "checks passed",
        ["PKCE passed S256", "RFC 7636 §4.3, §4.6", "ID token made passed ES256"],
      ],
      [2, "answers action OK", ["What came back (200 OK)", "A050001"]],
      [2, "answers 200 OK", ["cache-control no-store", "Opaque: only the server"]],
      [2, "ID token JWT signed with ES256", ["sub user-1 Whom it is about", "(in 5 minutes)"]],
    ],
  },
  {
    title: "User name and password",
    steps: [
      ["alice’s password", done, "Three turns: /auth/token, the hook, /auth/token/issue."],
      ["A wrong password", refused, "Refused with invalid_request."],
    ],
    glance: [
      [1, "/auth/token answers action PASSWORD"],
      [1, "asks your hook authenticateUser → user-1"],
      [1, "/auth/token/issue answers action OK"],
      [2, "/auth/token/fail answers action BAD_REQUEST"],
    ],
    opened: [[2, "asks /auth/token/fail", ["INVALID_RESOURCE_OWNER_CREDENTIALS"]]],
    refusals: ["400 /token"],
  },
  {
    title: "An MCP client signs in",
    steps: [
      [
        "The MCP client reads the authorization server’s metadata",
        done,
        "PKCE (code_challenge_methods_supported: S256)",
      ],
      ["The user logs in", done, "The browser is back, with a code."],
      ["The MCP client exchanges the code", done, "a token for the MCP server."],
      ["The MCP server checks the token", done, "Active, for http://localhost:3000/mcp"],
    ],
    glance: [
      [3, "resource=http://localhost:3000/mcp"],
      [4, "Introspection answers 200 OK: active"],
    ],
    opened: [[4, "checks passed", ["Audience passed"]]],
  },
  {
    title: "Refresh the tokens",
    steps: [
      prepared,
      ["The app refreshes its tokens", done, "Both tokens are new."],
      ["The app uses the new access token", done, "for the same user, Alice Example."],
    ],
    glance: [
      [1, "Request 1 of 2"],
      [1, "issueAuthorizationCode"],
      [2, "grant_type=refresh_token"],
    ],
    opened: [[2, "checks passed", ["Refresh token made passed"]]],
  },
  {
    title: "A lost answer",
    steps: [
      prepared,
      [
        "The app refreshes, and the answer is lost",
        done,
        "For the server the old token is used up.",
      ],
      ["The app asks again", done, "as in the lost answer: the user stays logged in."],
    ],
    glance: [[3, "Use of an old refresh token"]],
    opened: [[3, "Use of an old refresh token", ["passed same_tokens_again"]]],
  },
  {
    title: "A fresh ID token",
    steps: [
      prepared,
      ["The app refreshes its tokens", done, "Unchanged since the login: sub and auth_time."],
    ],
    glance: [
      [2, "/auth/token answers action ID_TOKEN_REISSUABLE"],
      [2, "asks your hook reissueIdToken → claims for the new ID token"],
      [2, "/idtoken/reissue answers action OK"],
    ],
    opened: [[2, "ID token again", ["ID token made passed ES256"]]],
  },
  {
    title: "Tokens bound to a key",
    steps: [
      ["Preparation: alice logs in", done, "back with a code"],
      ["The app proves that it has a key", refused, "Refused with use_dpop_nonce"],
      ["The app repeats it with the nonce", done, "The token type is DPoP"],
      ["The app uses the access token", done, "the claims of Alice Example are in the answer."],
    ],
    glance: [
      [2, "passed, then DPoP nonce"],
      [3, "DPoP proof"],
    ],
    opened: [
      [3, "POST /token", ["dpop ••••••"]],
      [3, "DPoP proof JWT signed with ES256", ["typ dpop+jwt", "htm POST The HTTP method"]],
    ],
    refusals: ["400 /token"],
  },
  {
    title: "A token for one server only",
    steps: [
      ["service asks for a token for resource-server", done, "Whom it is for, the server knows."],
      ["The token is shown to resource-server", done, "Active, and aud says for whom"],
      ["The token is shown to photo-server", refused, "Inactive, and not a word more"],
    ],
    glance: [[3, "Introspection answers 200 OK: not active"]],
    opened: [[3, "Audience", ["refused"]]],
  },
  {
    title: "A guessed secret",
    steps: [
      ["A wrong secret of service", refused, "Refused with invalid_client."],
      ["A client that does not exist", refused, "Word for word the same answer"],
    ],
    glance: [
      [1, "passed, then Client Client authentication failed."],
      [1, "answers 401 Unauthorized: invalid_client"],
    ],
    opened: [
      [1, "2 passed, then", ["Parameters passed", "Client refused client_secret_basic A157395"]],
    ],
    refusals: ["401 /token", "401 /token"],
  },
  {
    title: "A code that is used twice",
    steps: [
      ["Preparation: alice logs in", done, "back with a code"],
      ["The app exchanges the code", done, "The app has its tokens."],
      ["A thief uses the same code", refused, "what the first use gave is revoked."],
      ["The access token of the first use", refused, "Refused with invalid_token"],
    ],
    glance: [[3, "The authorization code was used before."]],
    opened: [[3, "passed, then", ["Authorization code refused revoked"]]],
    refusals: ["400 /token", "401 /userinfo"],
  },
  {
    title: "A stolen refresh token",
    steps: [
      prepared,
      ["The app refreshes", done, "The app has a second refresh token."],
      ["The app refreshes again", done, "The app has a third refresh token."],
      ["The thief uses the first refresh token", refused, "revoked all that this login gave."],
      ["The app’s newest refresh token", refused, "the user has to log in again."],
      ["The app’s newest access token", refused, "the access tokens have ended with the login."],
    ],
    glance: [[4, "passed, then Use of an old refresh token"]],
    opened: [[4, "passed, then", ["Use of an old refresh token refused revoked"]]],
    refusals: ["400 /token", "400 /token", "401 /userinfo"],
  },
  {
    title: "A stolen access token",
    steps: [
      ["Preparation: alice logs in, and the app gets bound tokens", done, "Request 3 of 3"],
      ["The owner uses the token", done, "The thief now has token and proof."],
      ["Attempt 1: as a plain bearer token", refused, "a bound token is no bearer token"],
      ["Attempt 2: with a key of the thief’s own", refused, "the token names another key"],
      ["Attempt 3: with the owner’s proof", refused, "each proof is good once"],
    ],
    glance: [[5, "passed, then Used once The DPoP proof was used before."]],
    opened: [[4, "Shown by its owner", ["DPoP proof passed ES256", "Shown by its owner refused"]]],
    refusals: ["400 /token", ...Array(4).fill("401 /userinfo")],
  },
];
