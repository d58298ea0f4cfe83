// What hooks get: the request and its parameters.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { hooked } from "./hooked.mjs";
import { bodyMembers, tokenRequest } from "./token-request.mjs";

export function behaviours({ pkg, fixtures }) {
  const { run, password, issued, reissuable, reissued } = hooked({ pkg, fixtures });
  const delegated = [
    ["tokenExchange", "TOKEN_EXCHANGE", "unsupported_grant_type"],
    ["jwtBearer", "JWT_BEARER", "unsupported_grant_type"],
    ["nativeSso", "NATIVE_SSO", "invalid_grant"],
  ];

  return {
    "every hook gets the parameters, with each value of a repeated one": async () => {
      const body = "?=1&grant_type=x&resource=a%20b&resource=c+d&scope=%C3%BC&__proto__=p&empty=";
      const expected = [
        ["?", "1"],
        ["grant_type", "x"],
        ["resource", "a b"],
        ["resource", "c d"],
        ["scope", "ü"],
        ["__proto__", "p"],
        ["empty", ""],
      ];
      const given = [];
      /** A hook that changes its arguments: the next one gets its own. */
      const hook =
        (result) =>
        (...all) => {
          const { parameters } = all.at(-1);
          ok(parameters instanceof URLSearchParams, "URLSearchParams");
          given.push([...parameters]);
          parameters.delete("resource");
          return result;
        };
      const answer = hook(new Response("{}"));
      const cases = [
        [[password, issued], { authenticateUser: hook("u"), tokenRequest: hook({}) }],
        ...delegated.map(([name, action]) => [
          [{ action }],
          { [name]: (...all) => answer(...all).clone(), tokenRequest: hook({}) },
        ]),
        [[reissuable, reissued], { reissueIdToken: hook({}), tokenRequest: hook({}) }],
      ];
      for (const [answers, hooks] of cases) {
        const { events } = await run(answers, hooks, {}, tokenRequest({ body }));
        deepEqual(events, [], "events");
      }
      deepEqual(given, Array(10).fill(expected), "parameters");
    },

    "a hook's request can be read, cloned and passed on, again in the next hook": async () => {
      const body = "grant_type=x&resource=a&resource=b";
      for (const [name, action] of delegated) {
        const texts = [];
        const read = async (request) => {
          const clone = request.clone();
          texts.push(await clone.text(), (await request.formData()).getAll("resource").join());
          equal(request.url, "https://as.example/token?x", "url");
          equal(request.method, "POST", "method");
          equal(request.headers.get("x-own"), "1", "a header");
          equal(
            request.headers.get("content-type"),
            "application/x-www-form-urlencoded",
            "the media type",
          );
        };
        const hooks = {
          tokenRequest: async (request) => {
            await read(request);
            return {};
          },
          [name]: async (_response, request) => {
            await read(request);
            return new Response("{}");
          },
        };
        const { response, events } = await run(
          [{ action }],
          hooks,
          {},
          tokenRequest({ url: "https://as.example/token?x", body, headers: { "x-own": "1" } }),
        );
        deepEqual(events, [], "events");
        equal(response.status, 200, "status");
        deepEqual(texts, [body, "a,b", body, "a,b"], "bodies");
      }
    },

    "the body of an empty request is empty for a hook, too": async () => {
      for (const body of ["", null]) {
        let text;
        const hook = async (request) => {
          text = await request.text();
          return {};
        };
        await run(
          [{ action: "OK", responseContent: "{}" }],
          { tokenRequest: hook },
          {},
          tokenRequest({ body }),
        );
        equal(text, "", "body");
      }
    },

    "a hook can read a request of another implementation whose headers can be listed, and gets any other unchanged":
      async () => {
        const foreign = (headers) => ({
          method: "POST",
          url: "https://as.example/token",
          headers,
          ...bodyMembers("grant_type=x"),
        });
        const form = { "content-type": "application/x-www-form-urlencoded" };
        const answer = { action: "OK", responseContent: "{}" };
        let given;
        const hook = (request) => {
          given = request;
          return {};
        };
        await run(
          [answer],
          { tokenRequest: hook },
          {},
          foreign(new Headers({ ...form, "x-own": "1" })),
        );
        equal(await given.text(), "grant_type=x", "body");
        equal(given.headers.get("x-own"), "1", "a header");
        const odd = foreign({ get: (name) => form[name] ?? null });
        const { events } = await run([answer], { tokenRequest: hook }, {}, odd);
        deepEqual(events, [], "events");
        ok(given === odd, "as it came");
      },
  };
}
