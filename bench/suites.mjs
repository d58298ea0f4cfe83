// What is measured together, and the targets. A missed target fails nothing: a measurement depends
// on the machine.
import { answers } from "./calls/answers.mjs";

const bytes = (answer) => `${(answer.bytes / 1000).toFixed(1)} KB`;

/** What a call may cost at most, compared with plain JavaScript that gives the same guarantees. */
const most = 1.05;

/**
 * The tables of calls. Contenders of one series are measured together; the first is the floor, the
 * same in each series. `share` is the series' part of a host's time. A target compares two
 * contenders, each without the time of `less`.
 */
export const tables = [
  {
    id: "authToken",
    title: `authToken over a stub fetch, a Request in and a Response of ${bytes(answers.issued)} out`,
    series: [
      { names: ["floor", "clearedTimer", "guarded", "ours", "oursUnframed", "sdk"], share: 0.36 },
      // A series of its own: its timers outlive the calls by ten seconds, which would slow down the
      // others.
      { names: ["floor", "timeoutSignal"], share: 0.08 },
    ],
    targets: [
      { name: "ours", over: "guarded", most },
      { name: "sdk", over: "ours", least: 4 },
    ],
  },
  {
    id: "authTokenLarge",
    title: `authToken with a Response of ${bytes(answers.large)}: tokens that carry what a directory knows`,
    series: [{ names: ["floor", "guarded", "ours", "sdk"], share: 0.16 }],
    targets: [
      { name: "ours", over: "guarded", most },
      { name: "sdk", over: "ours", least: 4 },
    ],
  },
  {
    id: "endpoint",
    title: "handleTokenRequest, a code exchanged by a client with Basic credentials: 200, tokens",
    series: [{ names: ["bare", "careful", "guarded", "ours", "incoming"], share: 0.25 }],
    targets: [{ name: "ours", over: "guarded", less: "incoming", most }],
  },
  {
    id: "endpointRefused",
    title: "handleTokenRequest, the same with an invalid code: 400, invalid_grant",
    series: [{ names: ["bare", "careful", "guarded", "ours", "incoming"], share: 0.15 }],
    targets: [{ name: "ours", over: "guarded", less: "incoming", most }],
  },
];

/**
 * The target for the first answer: the time that each adds to a process, or to a worker, of
 * hand-written code.
 */
export const startTarget = { name: "sdk", over: "ours", least: 10 };
