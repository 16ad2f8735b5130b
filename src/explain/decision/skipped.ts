import * as l10n from "@vscode/l10n";
import type { Capability, QualityBasis, UserTier } from "../../contract/model.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { formatAgainstThreshold, formatList, formatMoney, formatMoneyApart, formatWait } from "../format.ts";
import { describeLimit } from "../limits.ts";

/**
 * Why a decision skipped a candidate, with the figures that led to it.
 * @param atMs when the decision was made: waits count from there
 */
export function describeSkipped(skipped: Skipped, atMs: number): string {
  switch (skipped.reason) {
    case "no-key":
      return l10n.t("No key is set");
    case "invalid-provider":
      return l10n.t("Its provider cannot be used: {problem}", { problem: skipped.problem });
    case "switched-off":
      return l10n.t("Turned off by you");
    case "breaker-open":
      return describeOpenBreaker(skipped, formatWait(skipped.nextTryAtMs - atMs));
    case "context-window":
      return l10n.t("{tokens} tokens do not fit its context window of {window}", {
        tokens: skipped.tokens.toLocaleString(),
        window: skipped.maxInputTokens.toLocaleString(),
      });
    case "capability":
      return describeMissing(skipped.missing);
    case "rate-limit":
      return l10n.t("Rate limit reached, next try in {wait}", { wait: formatWait(skipped.untilMs - atMs) });
    case "quota":
      return l10n.t("Out of credit or quota, next try in {wait}", {
        wait: formatWait(skipped.untilMs - atMs),
      });
    case "auth":
      return l10n.t("Its key was rejected");
    case "forbidden":
      return l10n.t("Its key may not use this model");
    case "not-found":
      return l10n.t("Its provider does not have it");
    case "tier":
      return l10n.t("Only for the tier {tiers}", { tiers: formatList(skipped.tiers.map(describeTier)) });
    case "private":
      return l10n.t("Private content stays on this machine");
    case "over-budget":
      return describeNotCovered(skipped);
    case "window-not-larger":
      return l10n.t("Its context window of {window} is no larger", {
        window: skipped.maxInputTokens.toLocaleString(),
      });
    case "unreachable":
      return l10n.t("Its provider is not reachable");
    case "offline":
      return l10n.t("This machine is offline");
    case "no-time":
      return l10n.t("No answer started within {limit}", { limit: formatWait(skipped.limitMs) });
    case "below-min-quality":
      return describeQuality(skipped);
    case "unknown-price":
      return skipped.unboundedCost === undefined
        ? l10n.t("Its price is not known, and a budget is set")
        : l10n.t("The cost of {name} is not known, and a budget is set", {
            name: skipped.unboundedCost.name,
          });
  }
}

/** What makes a skipped candidate available again, as a sentence, where that depends on its provider or key. */
export function skippedAdvice(skipped: Skipped, provider: string): string | undefined {
  switch (skipped.reason) {
    case "rate-limit":
      return l10n.t("It becomes available again by itself.");
    case "quota":
      return l10n.t("Add credit at {provider}, or wait until then.", { provider });
    case "auth":
      return l10n.t("It becomes available again when you replace the key.");
    case "forbidden":
      return l10n.t("Allow it at {provider}, or use another key.", { provider });
    case "not-found":
      return l10n.t("Check the model’s name and the provider’s address in the settings.");
    case "no-key":
    case "invalid-provider":
    case "switched-off":
    case "breaker-open":
    case "context-window":
    case "capability":
    case "tier":
    case "private":
    case "over-budget":
    case "window-not-larger":
    case "unreachable":
    case "offline":
    case "no-time":
    case "below-min-quality":
    case "unknown-price":
      return undefined;
  }
}

type OverBudget = Extract<Skipped, { reason: "over-budget" }>;

function describeNotCovered({ worstCaseNanoUsd, leftNanoUsd, reservedNanoUsd, limit }: OverBudget): string {
  const [cost, left] = formatMoneyApart(worstCaseNanoUsd, leftNanoUsd);
  const budget = describeLimit(limit);
  return reservedNanoUsd === undefined || worstCaseNanoUsd > leftNanoUsd
    ? l10n.t("May cost up to {cost}, and {left} of {budget} is left", { cost, left, budget })
    : l10n.t(
        "May cost up to {cost}, and other answers have reserved {reserved} of the {left} of {budget} that is left",
        {
          cost,
          left,
          budget,
          reserved: formatMoney(reservedNanoUsd),
        },
      );
}

function describeOpenBreaker(skipped: Extract<Skipped, { reason: "breaker-open" }>, wait: string): string {
  const count = skipped.failures;
  if (skipped.by === "provider") {
    return count === 1
      ? l10n.t("Its provider is paused after 1 failure, next try in {wait}", { wait })
      : l10n.t("Its provider is paused after {count} failures, next try in {wait}", { count, wait });
  }
  return count === 1
    ? l10n.t("Paused after 1 failure, next try in {wait}", { wait })
    : l10n.t("Paused after {count} failures, next try in {wait}", { count, wait });
}

type BelowMinQuality = Extract<Skipped, { reason: "below-min-quality" }>;

/** A quality with its standard error and where it comes from: “0.70 ± 0.12, an estimate”. */
export function formatQuality(
  figure: string,
  basis: QualityBasis | undefined,
  standardError: number | undefined,
): string {
  const quality = standardError === undefined ? figure : `${figure}\u00a0±\u00a0${standardError.toFixed(2)}`;
  switch (basis) {
    case undefined:
      return quality;
    case "measured":
      return l10n.t("{quality}, measured", { quality });
    case "estimate":
      return l10n.t("{quality}, an estimate", { quality });
    case "settings":
      return l10n.t("{quality}, from the settings", { quality });
  }
}

function describeQuality({ quality, qualityBasis, qualityError, minQuality }: BelowMinQuality): string {
  if (quality === undefined)
    return l10n.t("Quality not known, this route asks for {needs}", { needs: minQuality.toFixed(2) });
  const { has, needs } = formatAgainstThreshold(quality, minQuality);
  return l10n.t("Quality {has}, this route asks for {needs}", {
    has: formatQuality(has, qualityBasis, qualityError),
    needs,
  });
}

function describeMissing(missing: Capability | "chat completions"): string {
  switch (missing) {
    case "vision":
      return l10n.t("Cannot read images");
    case "tools":
      return l10n.t("Cannot use tools");
    case "reasoning":
      return l10n.t("Cannot reason");
    case "chat completions":
      return l10n.t("Supports only the Responses API, which is not available yet");
  }
}

function describeTier(tier: UserTier): string {
  switch (tier) {
    case "free":
      return l10n.t("free");
    case "standard":
      return l10n.t("standard");
    case "premium":
      return l10n.t("premium");
  }
}
