import { describe, expect, it } from "vitest";
import type { FailureRecord } from "../contract/failure.ts";
import { consequenceOf, fittingOutputTokens, retryDelayMs } from "./failurePolicy.ts";

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
    ["larger than a rate limit", failure("too-large"), 1, "yes", "none", undefined, false],
    ["a capability", failure("capability"), 0, "yes", "none", undefined, false],
    ["a refusal", failure("refused"), 0, "no", "none", undefined, true],
    ["a wrong key", failure("auth"), 0, "yes", "none", "auth", false],
    ["forbidden", failure("forbidden"), 0, "yes", "none", "forbidden", false],
    ["no such model", failure("not-found"), 0, "yes", "none", "not-found", false],
    ["no credit", failure("quota"), 0, "yes", "none", "quota", false],
    ["a refused connection", failure("unreachable"), 0, "other-provider", "provider", undefined, false],
    ["a missing network", failure("unreachable", { isOffline: true }), 0, "local", "none", undefined, false],
    ["a certificate that is not accepted", failure("certificate"), 0, "yes", "none", undefined, false],
    [
      "an untranslatable request",
      failure("bad-request", { notSent: true }),
      0,
      "yes",
      "none",
      undefined,
      false,
    ],
    [
      "a part that can be left out",
      failure("bad-request", { isAdaptable: true }),
      1,
      "unless-rejected",
      "none",
      undefined,
      false,
    ],
    ["a bad request", failure("bad-request"), 0, "unless-rejected", "none", undefined, false],
    ["cancelled", failure("cancelled"), 0, "no", "none", undefined, true],
  ] as const)("follows the table for %s", (_name, record, retries, next, breaker, pause, mayBeCharged) => {
    const consequence = consequenceOf(record);
    expect(consequence).toMatchObject({ next, breaker, mayBeCharged });
    expect(consequence.pause?.reason).toBe(pause);
    const delays = [1, 2, 3].map((tries) => retryDelayMs(consequence.retry, tries, () => 1));
    expect(delays.filter((delay) => delay !== undefined)).toHaveLength(retries);
  });

  it("waits exactly as long as `Retry-After` says before it calls a model again", () => {
    const { retry } = consequenceOf(failure("rate-limited", { retryAfterMs: 1234 }));
    expect(retryDelayMs(retry, 1, () => 0.5)).toBe(1234);
  });

  it("doubles the backoff, with jitter from 0.1 s to its full length", () => {
    const { retry } = consequenceOf(failure("rate-limited"));
    const delay = (times: number, random: number) => retryDelayMs(retry, times, () => random);
    expect([delay(1, 0), delay(1, 1), delay(2, 1)]).toEqual([100, 500, 1000]);
  });

  it.each([
    [undefined, undefined, "provider", 900_000],
    [259_200_000, undefined, "provider", 259_200_000],
    [1000, "model", "model", 1000],
  ] as const)("pauses for a quota by the time %o and the scope %o", (retryAfterMs, scope, subject, ms) => {
    const { pause } = consequenceOf(failure("quota", { retryAfterMs, scope }));
    expect(pause).toEqual({ subject, reason: "quota", ms });
  });

  it.each([
    // What the provider takes, what was requested with the limit sent, the limit that fits.
    [8000, 20_979, 16_384, 3405],
    [8000, 20_979, 3405, undefined],
    [262_144, 291_351, 16_384, undefined],
    [8000, 23_500, 16_384, undefined],
    [8000, 8100, 500, undefined],
  ])(
    "finds the output limit for %i of %i tokens with %i sent",
    (limitTokens, requestedTokens, sent, expected) => {
      const size = { limitTokens, requestedTokens, withOutput: true };
      expect(fittingOutputTokens(size, sent)).toBe(expected);
      expect(fittingOutputTokens({ ...size, withOutput: false }, sent)).toBeUndefined();
    },
  );
});
