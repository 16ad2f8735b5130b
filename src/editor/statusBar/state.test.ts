import { describe, expect, test } from "vitest";
import type { BreakerState, HealthSnapshot } from "../../contract/health.ts";
import { firstEndOf, pausedIn } from "./state.ts";

const NOW = 1_000_000;
const health = (breaker: BreakerState): HealthSnapshot =>
  new Map([["a/one", { breaker, switchedOff: false }]]);
const open = (openMs: number): BreakerState => ({
  kind: "open",
  failures: 3,
  openedAtMs: NOW - 1000,
  openMs,
});
const halfOpen = (probeUntilMs: number): BreakerState => ({
  kind: "half-open",
  failures: 3,
  openMs: 10_000,
  probe: "p",
  probeUntilMs,
});

describe("a model that fails", () => {
  test("is not paused before its breaker opens", () => {
    expect(pausedIn(health({ kind: "closed", failures: 2 }), NOW)).toEqual([]);
  });

  test("is paused until its breaker lets the next try through, and the item looks again then", () => {
    const paused = pausedIn(health(open(10_000)), NOW);
    expect(paused).toEqual([{ subject: "a/one", failures: 3, nextTryAtMs: NOW + 9000 }]);
    expect(firstEndOf(paused)).toBe(NOW + 9000);
  });

  test.each([
    ["once it is due", open(1000)],
    ["while a probe is on its way", halfOpen(NOW + 300_000)],
  ])("is being tried again %s, and no timer waits for that", (_when, breaker) => {
    const paused = pausedIn(health(breaker), NOW);
    expect(paused).toEqual([{ subject: "a/one", failures: 3 }]);
    expect(firstEndOf(paused)).toBeUndefined();
  });

  test("whose probe was never heard of is paused again from when that was given up", () => {
    expect(pausedIn(health(halfOpen(NOW - 4000)), NOW)).toEqual([
      { subject: "a/one", failures: 3, nextTryAtMs: NOW + 6000 },
    ]);
  });
});
