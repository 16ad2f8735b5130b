import { describe, expect, it } from "vitest";
import { rateLimitsOf } from "./responseHeaders.ts";

describe("rateLimitsOf", () => {
  it("reads OpenAI's rate limits, whose resets are durations", () => {
    const headers = {
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-remaining-tokens": "149984",
      "x-ratelimit-reset-tokens": "6m0s",
    };
    expect(rateLimitsOf(headers, 1000)).toEqual([
      { of: "requests", limit: 60, remaining: 59, resetAtMs: 2000 },
      { of: "tokens", remaining: 149_984, resetAtMs: 361_000 },
    ]);
  });

  it("reads Anthropic's rate limits, whose resets are dates", () => {
    const headers = {
      "anthropic-ratelimit-input-tokens-limit": "2000000",
      "anthropic-ratelimit-input-tokens-remaining": "0",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-21T12:00:00Z",
    };
    const resetAtMs = Date.parse("2026-11-21T12:00:00Z");
    expect(rateLimitsOf(headers, 0)).toEqual([
      { of: "inputTokens", limit: 2_000_000, remaining: 0, resetAtMs },
    ]);
  });

  it("omits values that cannot be parsed", () => {
    const headers = {
      "x-ratelimit-remaining-requests": "-1",
      "x-ratelimit-remaining-tokens": "5",
      "x-ratelimit-reset-tokens": "later",
    };
    expect(rateLimitsOf(headers, 0)).toEqual([{ of: "tokens", remaining: 5 }]);
  });

  it.each([
    ["120ms", 120],
    ["1s", 1000],
    ["6m0s", 360_000],
    ["2m59.56s", 179_560],
    ["1h2m3.5s", 3_723_500],
    ["1d", 86_400_000],
    ["3", 3000],
    ["", undefined],
    ["s", undefined],
    ["1 minute", 60_000],
    ["a minute", undefined],
    ["6m0s later", undefined],
  ])("reads the duration %o as %o ms", (text, expected) => {
    const headers = { "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": text };
    expect(rateLimitsOf(headers, 0)[0]?.resetAtMs).toBe(expected);
  });
});
