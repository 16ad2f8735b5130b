import { t } from "@vscode/l10n";
import { moneyText } from "../../contract/view/format.ts";
import type { Capability, PassedOver, UserTier } from "../../contract/view/shown.ts";
import { againstBar } from "./bars.ts";
import { waitWords } from "./durations.ts";

/** Why a candidate was passed over, with the figures that a person wants to see; `atMs` is when it was decided. */
export function passedOverWords(passed: PassedOver, atMs: number): string {
  switch (passed.reason) {
    case "no-key":
      return t("No key is set");
    case "switched-off":
      return t("Switched off by you");
    case "breaker-open":
      return breakerWords(passed, waitWords(passed.nextTryAtMs - atMs));
    case "context-window":
      return t("Too small: {tokens} tokens, its window holds {window}", {
        tokens: passed.tokens.toLocaleString(),
        window: passed.maxInputTokens.toLocaleString(),
      });
    case "capability":
      return missingWords(passed.missing);
    case "rate-limit":
      return t("Rate limit reached, free again in {wait}", { wait: waitWords(passed.untilMs - atMs) });
    case "quota":
      return t("Out of credit, asked again in {wait}", { wait: waitWords(passed.untilMs - atMs) });
    case "auth":
      return t("Its key was not accepted");
    case "forbidden":
      return t("Its key may not use this model");
    case "not-found":
      return t("Its provider does not have it");
    case "tier":
      return t("For the tier {tiers} only", { tiers: listed(passed.tiers.map(tierWords)) });
    case "private":
      return t("Private content stays on this machine");
    case "over-budget":
      return t("May cost up to {cost}, {left} is left of the budget", {
        cost: moneyText(passed.worstCaseNanoUsd),
        left: moneyText(passed.leftNanoUsd),
      });
    case "below-min-quality":
      return qualityWords(passed.quality, passed.minQuality);
    case "unknown-price":
      return t("Its price is not known");
  }
}

/** What would make it a candidate again, where that lies with a provider or a key; a sentence. */
export function passedOverAdvice(passed: PassedOver, provider: string): string | undefined {
  switch (passed.reason) {
    case "rate-limit":
      return t("It is asked again by itself then.");
    case "quota":
      return t("Add credit at {provider}.", { provider });
    case "auth":
      return t("It is asked again once the key is replaced.");
    case "forbidden":
      return t("Allow it at {provider}, or use another key.", { provider });
    case "not-found":
      return t("Check the model’s name and the provider’s address in the settings.");
    default:
      return undefined;
  }
}

/** Names as a list of the reader's language. */
export function listed(words: readonly string[]): string {
  return new Intl.ListFormat(undefined, { style: "short", type: "unit" }).format(words);
}

function breakerWords(passed: PassedOver & { reason: "breaker-open" }, wait: string): string {
  const count = passed.failures;
  if (passed.by === "provider") {
    return count === 1
      ? t("Its provider is paused after 1 failure, next try in {wait}", { wait })
      : t("Its provider is paused after {count} failures, next try in {wait}", { count, wait });
  }
  return count === 1
    ? t("Paused after 1 failure, next try in {wait}", { wait })
    : t("Paused after {count} failures, next try in {wait}", { count, wait });
}

function qualityWords(quality: number | undefined, minQuality: number): string {
  return quality === undefined
    ? t("Quality not known, this route asks for {needs}", { needs: minQuality.toFixed(2) })
    : t("Quality {has}, this route asks for {needs}", againstBar(quality, minQuality));
}

function missingWords(missing: Capability | "chat completions"): string {
  switch (missing) {
    case "vision":
      return t("Cannot read images");
    case "tools":
      return t("Cannot use tools");
    case "reasoning":
      return t("Cannot reason");
    case "chat completions":
      return t("Speaks the Responses API only, which is not supported yet");
  }
}

function tierWords(tier: UserTier): string {
  switch (tier) {
    case "free":
      return t("free");
    case "standard":
      return t("standard");
    case "premium":
      return t("premium");
  }
}
