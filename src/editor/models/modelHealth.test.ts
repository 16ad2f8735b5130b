import { describe, expect, it } from "vitest";
import type { BreakerState, HealthSnapshot, Pause } from "../../contract/health.ts";
import { firstEndOf, pausedIn, rejectedKeysIn } from "./modelHealth.ts";

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
  it("is not paused before its breaker opens", () => {
    expect(pausedIn(health({ kind: "closed", failures: 2 }), NOW)).toEqual([]);
  });

  it("is paused until its breaker allows the next try", () => {
    const paused = pausedIn(health(open(10_000)), NOW);
    expect(paused).toEqual([{ subject: "a/one", why: "failures", failures: 3, nextTryAtMs: NOW + 9000 }]);
    expect(firstEndOf(paused)).toBe(NOW + 9000);
  });

  it.each([
    ["once it is due", open(1000)],
    ["while a probe is running", halfOpen(NOW + 300_000)],
  ])("has no next try to wait for %s", (_when, breaker) => {
    const paused = pausedIn(health(breaker), NOW);
    expect(paused).toEqual([{ subject: "a/one", why: "failures", failures: 3 }]);
    expect(firstEndOf(paused)).toBeUndefined();
  });

  it("is paused again from the moment a probe without a result is given up", () => {
    expect(pausedIn(health(halfOpen(NOW - 4000)), NOW)).toEqual([
      { subject: "a/one", why: "failures", failures: 3, nextTryAtMs: NOW + 6000 },
    ]);
  });
});

describe("a provider or model with a pause", () => {
  const paused = (pause: Pause, subject = "a"): HealthSnapshot =>
    new Map([[subject, { breaker: { kind: "closed", failures: 0 }, pause, switchedOff: false }]]);
  const until = (reason: "rate-limit" | "quota") => paused({ kind: "until", reason, untilMs: NOW + 5000 });

  it.each(["rate-limit", "quota"] as const)("is paused until the time that its provider names: %s", (why) => {
    const found = pausedIn(until(why), NOW);
    expect(found).toEqual([{ subject: "a", why, nextTryAtMs: NOW + 5000 }]);
    expect(firstEndOf(found)).toBe(NOW + 5000);
    expect(pausedIn(until(why), NOW + 5000)).toEqual([]);
  });

  it("has its key rejected for as long as the key stays the same", () => {
    const health = paused({ kind: "unchanged", reason: "auth", fingerprint: "bad" });
    const keyed = (fingerprint: string) =>
      rejectedKeysIn(health, new Map([["a", { name: "A", fingerprint }]]));
    expect(keyed("bad")).toEqual([{ provider: "a", name: "A" }]);
    expect(keyed("good")).toEqual([]);
    expect(pausedIn(health, NOW)).toEqual([]);
  });

  it("does not have its key rejected where a model was not found", () => {
    const missing = paused({ kind: "unchanged", reason: "not-found", fingerprint: "f" });
    expect(rejectedKeysIn(missing, new Map([["a", { name: "A", fingerprint: "f" }]]))).toEqual([]);
  });
});
