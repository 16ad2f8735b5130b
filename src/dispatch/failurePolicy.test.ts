import { describe, expect, it } from "vitest";
import type { FailureRecord } from "../contract/failure.ts";
import { consequenceOf, retryDelayMs } from "./failurePolicy.ts";

const failure = (kind: FailureRecord["kind"], more: Partial<FailureRecord> = {}): FailureRecord => ({
  kind,
  provider: "p",
  message: "",
  ...more,
});

describe("the failure policy", () => {
  it.each([
    // failure, retries of the same model, next in chain, breaker, pause, charged
    ["429 without Retry-After", failure("rate-limited"), 2, "yes", "model", undefined, false],
    [
      "429 with Retry-After",
      failure("rate-limited", { retryAfterMs: 2000 }),
      1,
      "yes",
      "none",
      "rate-limit",
      false,
    ],
    ["overloaded", failure("overloaded"), 1, "yes", "model", undefined, false],
    ["no connection", failure("timeout", { phase: "connect" }), 0, "yes", "model", undefined, false],
    ["a late first token", failure("timeout", { phase: "first-token" }), 0, "yes", "model", undefined, true],
    ["a stall", failure("timeout", { phase: "idle" }), 0, "yes", "model", undefined, true],
    ["a cut", failure("cut"), 0, "yes", "model", undefined, true],
    ["an empty answer", failure("empty"), 0, "yes", "model", undefined, true],
    ["a malformed answer", failure("malformed"), 0, "yes", "model", undefined, true],
    ["too long", failure("context-length"), 0, "larger-window", "none", undefined, false],
    ["a refusal", failure("refused"), 0, "no", "none", undefined, true],
    ["a wrong key", failure("auth"), 0, "yes", "none", "auth", false],
    ["forbidden", failure("forbidden"), 0, "yes", "none", "forbidden", false],
    ["no such model", failure("not-found"), 0, "yes", "none", "not-found", false],
    ["no credit", failure("quota"), 0, "yes", "none", "quota", false],
    ["a refused connection", failure("unreachable"), 0, "yes", "provider", undefined, false],
    ["a certificate that is not accepted", failure("certificate"), 0, "yes", "none", undefined, false],
    ["a bad request", failure("bad-request"), 0, "no", "none", undefined, false],
    ["cancelled", failure("cancelled"), 0, "no", "none", undefined, true],
  ] as const)("follows the table for %s", (_name, record, retries, next, breaker, pause, mayBeCharged) => {
    const consequence = consequenceOf(record);
    expect(consequence).toMatchObject({ next, breaker, mayBeCharged });
    expect(consequence.pause?.reason).toBe(pause);
    const delays = [1, 2, 3].map((tries) => retryDelayMs(record, tries, () => 1));
    expect(delays.filter((delay) => delay !== undefined)).toHaveLength(retries);
  });

  it("waits exactly as long as `Retry-After` says before it calls a model again", () => {
    expect(retryDelayMs(failure("rate-limited", { retryAfterMs: 1234 }), 1, () => 0.5)).toBe(1234);
  });

  it("doubles the backoff, with jitter from zero to its full length", () => {
    const delay = (tries: number, random: number) =>
      retryDelayMs(failure("rate-limited"), tries, () => random);
    expect([delay(1, 0), delay(1, 1), delay(2, 1)]).toEqual([0, 500, 1000]);
  });
});
