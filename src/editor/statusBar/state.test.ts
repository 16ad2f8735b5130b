import { describe, expect, test } from "vitest";
import type { BreakerState, HealthSnapshot, Pause } from "../../contract/health.ts";
import { firstEndOf, pausedIn, refusedIn, timeUntil } from "./state.ts";

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
    expect(paused).toEqual([{ subject: "a/one", why: "failures", failures: 3, nextTryAtMs: NOW + 9000 }]);
    expect(firstEndOf(paused)).toBe(NOW + 9000);
  });

  test.each([
    ["once it is due", open(1000)],
    ["while a probe is on its way", halfOpen(NOW + 300_000)],
  ])("is being tried again %s, and no timer waits for that", (_when, breaker) => {
    const paused = pausedIn(health(breaker), NOW);
    expect(paused).toEqual([{ subject: "a/one", why: "failures", failures: 3 }]);
    expect(firstEndOf(paused)).toBeUndefined();
  });

  test("whose probe was never heard of is paused again from when that was given up", () => {
    expect(pausedIn(health(halfOpen(NOW - 4000)), NOW)).toEqual([
      { subject: "a/one", why: "failures", failures: 3, nextTryAtMs: NOW + 6000 },
    ]);
  });
});

describe("a provider or model that asks to be left alone", () => {
  const blocked = (block: Pause, subject = "a"): HealthSnapshot =>
    new Map([[subject, { breaker: { kind: "closed", failures: 0 }, pause: block, switchedOff: false }]]);
  const until = (reason: "rate-limit" | "quota") => blocked({ kind: "until", reason, untilMs: NOW + 5000 });

  test.each(["rate-limit", "quota"] as const)("is paused until then: %s", (why) => {
    const paused = pausedIn(until(why), NOW);
    expect(paused).toEqual([{ subject: "a", why, nextTryAtMs: NOW + 5000 }]);
    expect(firstEndOf(paused)).toBe(NOW + 5000);
    expect(pausedIn(until(why), NOW + 5000)).toEqual([]);
  });

  test("has refused a key for as long as it is that key", () => {
    const health = blocked({ kind: "unchanged", reason: "auth", fingerprint: "bad" });
    const keyed = (fingerprint: string) => refusedIn(health, new Map([["a", { name: "A", fingerprint }]]));
    expect(keyed("bad")).toEqual([{ provider: "a", name: "A" }]);
    expect(keyed("good")).toEqual([]);
    expect(pausedIn(health, NOW)).toEqual([]);
  });

  test("has refused no key where a model is missing", () => {
    const missing = blocked({ kind: "unchanged", reason: "not-found", fingerprint: "f" });
    expect(refusedIn(missing, new Map([["a", { name: "A", fingerprint: "f" }]]))).toEqual([]);
  });
});

test.each([
  [1, "1\u00a0s"],
  [119_500, "120\u00a0s"],
  [900_000, "15\u00a0min"],
])("%s ms from now is in %s", (ms, words) => {
  expect(timeUntil(NOW + ms, NOW)).toBe(words);
});
