// Bodies in every form that implementations of the Fetch standard use: web streams, other streams,
// and no `body` at all (Firefox's `Request`).
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { hasResponseBody } from "../support/features.mjs";
import { json, upstream } from "../support/upstream.mjs";
import {
  checkedAnswer,
  checkedError,
  ownEvents,
  tokenRequest,
} from "../endpoint/token-request.mjs";

const content = '{"access_token":"x"}';
const answer = JSON.stringify({ action: "OK", responseContent: content });
const type = { "content-type": "application/json" };
const encode = (text) => new TextEncoder().encode(text);

/** Like Firefox's class: there is a body, but not the member `body`. */
class HiddenRequest extends Request {
  get body() {
    return undefined;
  }
}

class HiddenResponse extends Response {
  get body() {
    return undefined;
  }
}

/** A body like Node's streams, which gives these chunks; `state` says whether it was ended. */
function iterable(chunks) {
  const state = { given: 0, ended: false };
  const body = {
    [Symbol.asyncIterator]: () => ({
      next: async () =>
        state.given < chunks.length
          ? { done: false, value: chunks[state.given++] }
          : { done: true, value: undefined },
      return: async () => {
        state.ended = true;
        return { done: true, value: undefined };
      },
    }),
  };
  return { body, state };
}

const streamOf = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

export function behaviours({ pkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  /** The result of an operation for an answer. */
  const operation = (response, more = {}) => {
    const authlete = new AuthleteClient({
      serviceId: "1",
      bearer: "b",
      fetch: async () => response,
      ...more,
    });
    return authToken(authlete, { parameters: "" });
  };
  const standIn = (more) => ({ status: 200, headers: new Headers(type), ...more });
  const refused = async (response, message, more) => {
    const error = await rejection(operation(response, more));
    equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", "code");
    match(error.message, message);
  };
  /** The endpoint's answer to a request, and what Authlete gets. */
  const handled = async (request, more = {}) => {
    const authlete = upstream({ action: "OK", responseContent: content });
    const client = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch });
    return {
      response: await handleTokenRequest(request, { authlete: client, ...more }),
      calls: authlete.calls,
    };
  };
  /** The endpoint's answer for a hook's response. */
  const relayed = async (given) => {
    const events = [];
    const authlete = new AuthleteClient({
      serviceId: "1",
      bearer: "b",
      fetch: async () => json({ action: "TOKEN_EXCHANGE" }),
    });
    const response = await handleTokenRequest(tokenRequest(), {
      authlete,
      tokenExchange: () => given,
      onEvent: (event) => events.push(event),
    });
    return { response, events };
  };

  return {
    "a request whose body the runtime hides is read": async () => {
      const form = "grant_type=client_credentials&scope=%C3%BC";
      for (const body of [form, new URLSearchParams(form), new Blob([form]), encode(form)]) {
        const request = new HiddenRequest("https://as.example/token", {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body,
        });
        const { response, calls } = await handled(request);
        await checkedAnswer(response, 200);
        deepEqual(calls[0].body, { parameters: form }, "request");
      }
      const empty = await handled(
        new HiddenRequest("https://as.example/token", { method: "POST" }),
      );
      deepEqual(empty.calls[0].body, { parameters: "" }, "no body");
    },

    "maxRequestBytes applies to a request whose body the runtime hides": async () => {
      const request = (headers) =>
        new HiddenRequest("https://as.example/token", {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
          body: "a=12345",
        });
      equal((await handled(request(), { maxRequestBytes: 7 })).response.status, 200, "exactly");
      const { response, calls } = await handled(request(), { maxRequestBytes: 6 });
      await checkedError(response, 413, "invalid_request");
      equal(calls.length, 0, "calls");
    },

    "an answer without a stream is read by arrayBuffer()": async () => {
      equal(
        (await operation(new HiddenResponse(answer, { headers: type }))).responseContent,
        content,
        "responseContent",
      );
      const bytes = encode(answer);
      for (const given of [bytes.buffer, bytes, new DataView(bytes.buffer)]) {
        equal(
          (await operation(standIn({ arrayBuffer: async () => given }))).responseContent,
          content,
          "responseContent",
        );
        const thrower = standIn({ arrayBuffer: async () => given });
        Object.defineProperty(thrower, "body", {
          get() {
            throw new Error("x");
          },
        });
        equal((await operation(thrower)).responseContent, content, "where body throws");
      }
    },

    "maxResponseBytes applies to an answer that can only be read whole, by its Content-Length or by its real length":
      async () => {
        let read = 0;
        const sized = (length, more = {}) =>
          standIn({
            headers: new Headers({
              ...type,
              ...(length !== undefined && { "content-length": String(length) }),
              ...more,
            }),
            arrayBuffer: async () => {
              read += 1;
              return encode(answer).buffer;
            },
          });
        const size = answer.length;
        for (const length of [undefined, size, 1, "x"])
          equal(
            (await operation(sized(length), { maxResponseBytes: size })).action,
            "OK",
            `length ${length}`,
          );
        for (const length of [undefined, 1, size - 1])
          await refused(sized(length), /maxResponseBytes/, { maxResponseBytes: size - 1 });
        read = 0;
        await refused(sized(size), /maxResponseBytes/, { maxResponseBytes: size - 1 });
        equal(read, 0, "what says that it is too large is not read");
      },

    "an answer whose body is an async iterable is read chunk by chunk, and ended beyond maxResponseBytes":
      async () => {
        const bytes = encode(answer);
        const { body, state } = iterable([
          bytes.subarray(0, 9),
          new Uint8Array(),
          bytes.subarray(9),
        ]);
        // The other ways to read it are not used: they have no limit.
        const arrayBuffer = () => Promise.reject(new Error("x"));
        equal(
          (await operation(standIn({ body, arrayBuffer }))).responseContent,
          content,
          "responseContent",
        );
        ok(!state.ended, "a body that came to its end is not ended");
        const long = iterable(Array.from({ length: 100 }, () => bytes));
        await refused(standIn({ body: long.body, arrayBuffer }), /maxResponseBytes/, {
          maxResponseBytes: bytes.length * 3,
        });
        equal(long.state.given, 4, "chunks");
        ok(long.state.ended, "the body is ended");
        const stubborn = {
          [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: bytes }) }),
        };
        await refused(standIn({ body: stubborn }), /maxResponseBytes/, {
          maxResponseBytes: bytes.length,
        });
        const sullen = {
          getReader: () => ({
            read: async () => ({ done: false, value: bytes }),
            cancel() {
              throw new Error("x");
            },
          }),
        };
        await refused(standIn({ body: sullen }), /maxResponseBytes/, {
          maxResponseBytes: bytes.length,
        });
      },

    "chunks are bytes in a buffer or any view of one, not strings": async () => {
      const even = encode(answer.length % 2 === 0 ? answer : `${answer} `);
      const padded = new Uint8Array([0, ...even, 0]);
      const chunks = [
        even,
        even.buffer,
        new DataView(padded.buffer, 1, even.length),
        new Uint16Array(even.buffer),
      ];
      for (const chunk of chunks) {
        for (const body of [streamOf(chunk), iterable([chunk]).body])
          equal((await operation(standIn({ body }))).responseContent, content, "responseContent");
      }
      for (const chunk of [answer, 7, null, undefined, {}, [1], { byteLength: 1 }]) {
        const { body, state } = iterable([chunk]);
        for (const given of [streamOf(chunk), body])
          await refused(standIn({ body: given }), /something other than bytes/);
        ok(state.ended, "the body is ended");
      }
      for (const given of [answer, 7, undefined, {}])
        await refused(standIn({ arrayBuffer: async () => given }), /something other than bytes/);
    },

    "an answer that can't be read says what is missing": async () => {
      for (const more of [
        {},
        { body: undefined },
        { body: answer },
        { body: { pipe() {}, on() {} } },
        { json: async () => ({}), text: async () => answer },
      ]) {
        await refused(standIn(more), /`body` is not a stream, and it has no arrayBuffer\(\)/);
      }
    },

    "a body of empty chunks without end is refused, though it never lets a timer have its turn; a few of them do no harm":
      async () => {
        const none = new Uint8Array();
        const endless = {
          [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: none }) }),
        };
        await refused(standIn({ body: endless }), /something other than bytes/);
        const { action } = await operation(
          standIn({ body: iterable([none, encode(answer), ...Array(100).fill(none)]).body }),
        );
        equal(action, "OK", "action");
      },

    "for an answer that something else has read or locked the error says so": async () => {
      for (const length of [{}, { "content-length": String(answer.length) }]) {
        const used = new Response(answer, { headers: { ...type, ...length } });
        await used.text();
        await refused(used, /used or locked/);
        if (!hasResponseBody()) continue;
        const locked = new Response(answer, { headers: { ...type, ...length } });
        locked.body.getReader();
        await refused(locked, /used or locked/);
      }
      const hidden = new HiddenResponse(answer, { headers: type });
      await hidden.text();
      await refused(hidden, /used or locked/);
    },

    "a request that can't be read is the server's mistake, not the client's": async () => {
      const headers = {
        get: (name) => (name === "content-type" ? "application/x-www-form-urlencoded" : null),
      };
      const foreign = (more) => ({
        method: "POST",
        url: "https://as.example/token",
        headers,
        bodyUsed: false,
        ...more,
      });
      const locked = streamOf(encode("a=b"));
      locked.getReader();
      const bytes = /not a stream of bytes, and it has no arrayBuffer/;
      for (const [more, detail] of [
        [{}, bytes],
        [{ body: "a=b" }, bytes],
        [{ body: locked }, /something has read the body/],
        [{ body: iterable(["a=b"]).body }, bytes],
        [{ arrayBuffer: async () => "a=b" }, bytes],
      ]) {
        const events = [];
        const { response, calls } = await handled(foreign(more), {
          onEvent: (event) => events.push(event),
        });
        await checkedError(response, 500, "server_error");
        equal(calls.length, 0, "calls");
        equal(events.length, 1, "events");
        match(events[0].detail, detail);
      }
    },

    "a hook's response is passed on whole, whatever its body is": async () => {
      const bytes = encode(content);
      const init = { status: 201, headers: { ...type, "x-own": "1" } };
      const responses = [
        new Response(content, init),
        new HiddenResponse(content, init),
        {
          ...standIn({ ...init, headers: new Headers(init.headers) }),
          body: iterable([bytes.subarray(0, 3), bytes.subarray(3)]).body,
        },
        {
          ...standIn({ ...init, headers: new Headers(init.headers) }),
          arrayBuffer: async () => bytes.buffer,
        },
      ];
      for (const given of responses) {
        const { response, events } = await relayed(given);
        deepEqual(ownEvents(events), [], "events");
        equal(response.status, 201, "status");
        equal(response.headers.get("x-own"), "1", "its header");
        equal(response.headers.get("cache-control"), "no-store", "our header");
        equal(await response.text(), content, "body");
      }
      const { response } = await relayed(new HiddenResponse(null, { status: 204 }));
      deepEqual([response.status, await response.text()], [204, ""], "no content");
    },

    "a hook's response that would lose a part is a failed hook": async () => {
      const get = (name) => type[name] ?? null;
      for (const given of [
        standIn({}),
        standIn({ body: "text" }),
        standIn({ body: null, headers: { get } }),
        standIn({ body: null, headers: undefined }),
      ]) {
        const { response, events } = await relayed(given);
        await checkedError(response, 500, "server_error");
        const [{ detail, ...event }, ...more] = ownEvents(events);
        match(detail, /Response/);
        deepEqual(
          [event, ...more],
          [{ type: "hook_failed", hook: "tokenExchange", reason: "invalid_result" }],
          "events",
        );
      }
    },
  };
}
