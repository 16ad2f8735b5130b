import { describe, expect, it } from "vitest";
import type { Clock } from "../../base/time/clock.ts";
import type { Budget, Reservation, ReserveRequest } from "../../contract/budget.ts";
import { reserveOrWait } from "./reservation.ts";

/** A budget with an amount left and other requests' reservations, and a clock whose sleeps end at once. */
function scene(left: number, othersReserved: number[]) {
  const asked: { want: number; need: number }[] = [];
  const sleeps: AbortSignal[] = [];
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    sleep: async (ms, signal) => {
      nowMs += ms;
      sleeps.push(signal);
    },
  };
  const budget: Pick<Budget, "reserve" | "onDidChange"> = {
    async reserve({ maximumNanoUsd: want, minimumNanoUsd: need }: ReserveRequest): Promise<Reservation> {
      const reserved = othersReserved[asked.length] ?? othersReserved.at(-1) ?? 0;
      asked.push({ want, need });
      const free = left - reserved;
      if (free >= need) return { kind: "reserved", id: "r", nanoUsd: Math.min(want, free) };
      return left >= need
        ? {
            kind: "blocked",
            leftNanoUsd: left,
            limit: { kind: "day" },
            overrunFactor: 1,
            usableNanoUsd: left,
            reservedNanoUsd: reserved,
          }
        : {
            kind: "exceeded",
            leftNanoUsd: left,
            limit: { kind: "day" },
            overrunFactor: 1,
            usableNanoUsd: left,
          };
    },
    onDidChange: () => () => undefined,
  };
  const request = { ref: "a/b", limits: {}, soft: false };
  const run = (maximumNanoUsd: number, minimumNanoUsd: number, aborted = false) =>
    reserveOrWait(
      budget,
      { ...request, maximumNanoUsd, minimumNanoUsd },
      clock,
      3000,
      aborted ? AbortSignal.abort() : new AbortController().signal,
    );
  return { run, asked, sleeps, waitedMs: () => nowMs };
}

describe("reserving money for an attempt", () => {
  it("reserves the maximum if it fits", async () => {
    expect(await scene(100, [0]).run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 80 });
  });

  it("stops its timer after it has waited", async () => {
    const { run, sleeps } = scene(100, [95, 95, 0]);
    await run(80, 10);
    expect(sleeps.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it("reserves what is left of the day's budget if that is less, without waiting", async () => {
    const { run, waitedMs } = scene(50, [0]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 50 });
    expect(waitedMs()).toBe(0);
  });

  it("waits for other requests to settle, and then reserves the maximum", async () => {
    const { run } = scene(100, [60, 60, 0]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 80 });
  });

  it("tries again before it waits, so that it misses nothing that was settled in between", async () => {
    const { run, waitedMs } = scene(100, [60, 0]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 80 });
    expect(waitedMs()).toBe(0);
  });

  it("reserves a smaller amount after the wait", async () => {
    const { run, waitedMs } = scene(100, [60]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 40 });
    expect(waitedMs()).toBe(3000);
  });

  it("fails if other reservations leave less than the minimum", async () => {
    expect(await scene(100, [95]).run(80, 10)).toMatchObject({ kind: "blocked", reservedNanoUsd: 95 });
  });

  it("fails at once if the day's budget is spent", async () => {
    const { run, waitedMs } = scene(5, [0]);
    expect(await run(80, 10)).toMatchObject({ kind: "exceeded" });
    expect(waitedMs()).toBe(0);
  });
});
