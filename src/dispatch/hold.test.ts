import { describe, expect, test } from "vitest";
import type { Budget, Reservation, ReserveRequest } from "../contract/budget.ts";
import type { Clock } from "../contract/clock.ts";
import { hold } from "./hold.ts";

/** A budget whose answers are given by what is left and what others hold; a sleep is over when it is begun. */
function scene(left: number, othersHold: number[]) {
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
      const held = othersHold[asked.length] ?? othersHold.at(-1) ?? 0;
      asked.push({ want, need });
      const free = left - held;
      if (free >= need) return { kind: "reserved", id: "r", nanoUsd: Math.min(want, free) };
      return left >= need
        ? { kind: "blocked", leftNanoUsd: left, reservedNanoUsd: held }
        : { kind: "exceeded", leftNanoUsd: left };
    },
    onDidChange: () => () => undefined,
  };
  const request = { ref: "a/b", limits: {}, soft: false };
  const run = (maximumNanoUsd: number, minimumNanoUsd: number, aborted = false) =>
    hold(
      { ...unused, ...budget },
      { ...request, maximumNanoUsd: maximumNanoUsd, minimumNanoUsd: minimumNanoUsd },
      clock,
      3000,
      aborted ? AbortSignal.abort() : new AbortController().signal,
    );
  return { run, asked, sleeps, waitedMs: () => nowMs };
}

const unused: Budget = {
  reserve: () => Promise.reject(new Error("unused")),
  progress: () => Promise.reject(new Error("unused")),
  settle: () => Promise.reject(new Error("unused")),
  spent: () => Promise.reject(new Error("unused")),
  today: () => Promise.reject(new Error("unused")),
  month: () => Promise.reject(new Error("unused")),
  onDidChange: () => () => undefined,
};

describe("holding money for an attempt", () => {
  test("takes all that it wants where that fits", async () => {
    expect(await scene(100, [0]).run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 80 });
  });

  test("leaves no timer behind when it has waited", async () => {
    const { run, sleeps } = scene(100, [95, 95, 0]);
    await run(80, 10);
    expect(sleeps.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("takes what is left of the day where that is less, without waiting", async () => {
    const { run, waitedMs } = scene(50, [0]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 50 });
    expect(waitedMs()).toBe(0);
  });

  test("waits for others to settle, and then takes all", async () => {
    const { run } = scene(100, [60, 60, 0]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 80 });
  });

  test("asks once more before it waits: nothing that was settled in between is missed", async () => {
    const { run, waitedMs } = scene(100, [60, 0]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 80 });
    expect(waitedMs()).toBe(0);
  });

  test("after the wait it takes a smaller amount", async () => {
    const { run, waitedMs } = scene(100, [60]);
    expect(await run(80, 10)).toMatchObject({ kind: "reserved", nanoUsd: 40 });
    expect(waitedMs()).toBe(3000);
  });

  test("is refused where others hold so much that nothing sensible is free", async () => {
    expect(await scene(100, [95]).run(80, 10)).toMatchObject({ kind: "blocked", reservedNanoUsd: 95 });
  });

  test("is refused at once where the day is spent", async () => {
    const { run, waitedMs } = scene(5, [0]);
    expect(await run(80, 10)).toMatchObject({ kind: "exceeded" });
    expect(waitedMs()).toBe(0);
  });
});
