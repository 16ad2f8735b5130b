import type { Skipped } from "../contract/decision.ts";
import { moneyText } from "../contract/view/format.ts";

/** Why a model is not asked, in a few words behind its name. */
export function passedOverWords(passed: Skipped, nowMs: number): string {
  const inSeconds = (untilMs: number) => `${Math.max(1, Math.ceil((untilMs - nowMs) / 1000))} s`;
  switch (passed.reason) {
    case "no-key":
      return `no key of ${passed.provider} is in the environment`;
    case "switched-off":
      return "switched off";
    case "breaker-open":
      return `paused after ${passed.failures} failures, next try in ${inSeconds(passed.nextTryAtMs)}`;
    case "context-window":
      return `too small: ${passed.tokens} tokens, its window holds ${passed.maxInputTokens}`;
    case "capability":
      return `it has no ${passed.missing}`;
    case "rate-limit":
      return `rate limit reached, free again in ${inSeconds(passed.untilMs)}`;
    case "quota":
      return `out of credit, asked again in ${inSeconds(passed.untilMs)}`;
    case "auth":
      return "its key was not accepted, and has not changed since";
    case "forbidden":
      return "its key may not use it";
    case "not-found":
      return "its provider does not have it";
    case "tier":
      return `for the tier ${passed.tiers.join(", ")} only`;
    case "private":
      return "not local";
    case "over-budget":
      return `may cost up to ${moneyText(passed.worstCaseNanoUsd)}, ${moneyText(passed.leftNanoUsd)} is left of the budget`;
    case "below-min-quality":
      return `quality ${passed.quality?.toFixed(2) ?? "not known"}, ${passed.minQuality.toFixed(2)} is asked for`;
    case "unknown-price":
      return "its price, or that of an image, is not known, and there is a budget";
  }
}
