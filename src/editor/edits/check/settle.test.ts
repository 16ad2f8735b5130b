import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTimer } from "../../../base/time/timer.ts";
import { type Settled, type SettleTimes, settle } from "./settle.ts";

const TIMES: SettleTimes = {
  ...{ firstMs: 1_000, quietMs: 500, reportMs: 0 },
  ...{ answerMs: 300_000, totalMs: 30_000 },
};

/** A language server: when it reports problems, and how long it takes to answer, in milliseconds. */
type Server = {
  readonly reportsAt?: readonly number[];
  readonly answerMs?: number | undefined;
  /** How long the first answer takes, if that differs. */
  readonly firstAnswerMs?: number;
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Waits for a server. Returns the result, and after how many milliseconds it came. */
async function settled(
  { reportsAt = [], answerMs, firstAnswerMs }: Server,
  times: Partial<SettleTimes> = {},
  signal = new AbortController().signal,
): Promise<readonly [Settled, number]> {
  const startMs = Date.now();
  let nextAnswerMs = firstAnswerMs ?? answerMs;
  const result = settle(
    {
      startTimer,
      onReport: (listener) => {
        const stop = reportsAt.map((ms) => startTimer(listener, ms));
        return () => {
          for (const each of stop) each();
        };
      },
      ask: () =>
        new Promise((resolve) => {
          if (nextAnswerMs === undefined) resolve(false);
          else startTimer(() => resolve(true), nextAnswerMs);
          nextAnswerMs = answerMs;
        }),
    },
    { ...TIMES, ...times },
    signal,
  ).then((value) => [value, Date.now() - startMs] as const);
  await vi.runAllTimersAsync();
  return result;
}

describe("the problems of a changed document", () => {
  it("are complete after the types, which TypeScript reports long after the syntax", async () => {
    const [result, ms] = await settled({ reportsAt: [400, 1_800], answerMs: 5 });
    expect(result).toEqual({ kind: "settled", isReported: true, isAnswered: true });
    expect(ms).toBeGreaterThan(1_800 + 500);
    expect(ms).toBeLessThan(4_000);
  });

  it("are complete without a report from a server that answers, soon", async () => {
    const [result, ms] = await settled({ answerMs: 5 });
    expect(result).toEqual({ kind: "settled", isReported: false, isAnswered: true });
    expect(ms).toBeLessThan(2_100);
  });

  it("are waited for while the server is busy: it answers late", async () => {
    const [result, ms] = await settled({ reportsAt: [7_900], answerMs: 4_000 });
    expect(result).toMatchObject({ kind: "settled", isReported: true });
    expect(ms).toBeGreaterThan(7_900);
  });

  it("are not complete before the report of a server that reports after each change, for so long", async () => {
    const [reported, ms] = await settled({ reportsAt: [6_000] }, { reportMs: 10_000 });
    expect(reported).toEqual({ kind: "settled", isReported: true, isAnswered: false });
    expect(ms).toBeGreaterThan(6_000);
    const [silent, silentMs] = await settled({}, { reportMs: 10_000 });
    expect(silent).toEqual({ kind: "settled", isReported: false, isAnswered: false });
    expect(silentMs).toBeLessThan(11_000);
  });

  it("are given up while they keep changing, or the server never answers", async () => {
    const always = Array.from({ length: 100 }, (_, index) => index * 400);
    expect(await settled({ reportsAt: always, answerMs: 5 })).toEqual([{ kind: "timed-out" }, 31_005]);
    expect(await settled({ answerMs: 99_000, firstAnswerMs: 5 })).toEqual([{ kind: "timed-out" }, 31_005]);
    expect(await settled({ answerMs: 999_000 })).toEqual([{ kind: "timed-out" }, 300_000]);
  });

  it("are waited for while the server loads a project: its first answer takes a minute", async () => {
    const [result, ms] = await settled({ reportsAt: [62_000], firstAnswerMs: 60_000, answerMs: 5 });
    expect(result).toEqual({ kind: "settled", isReported: true, isAnswered: true });
    expect(ms).toBeGreaterThan(62_000 + 500);
  });

  it("are not waited for once the edit is gone", async () => {
    const abort = new AbortController();
    startTimer(() => abort.abort(), 700);
    const [result, ms] = await settled({ answerMs: 5 }, {}, abort.signal);
    expect(result).toEqual({ kind: "cancelled" });
    expect(ms).toBe(700);
    expect((await settled({}, {}, abort.signal))[0]).toEqual({ kind: "cancelled" });
  });
});
