import { t } from "@vscode/l10n";
import { durationText } from "../../contract/view/format.ts";
import type { Attempt, FailureRecord } from "../../contract/view/shown.ts";
import { costWords } from "./money.ts";

/** What a call was for, where that was to go on with a torn answer, and by which means. */
export function purposeWords({ resumeMethod: continues }: Attempt): string | undefined {
  if (continues === undefined) return undefined;
  return continues === "prefill"
    ? t("Given the torn answer as its own beginning.")
    : t("Asked to go on with the torn answer from its last words.");
}

/** How a call went: “Overloaded (529) after 0.4 s.”; `again` where it was the same model's turn once more. */
export function attemptWords(attempt: Attempt, again: boolean): string {
  const { outcome, tookMs, firstTokenMs, usage } = attempt;
  if (outcome.kind === "not-resumed")
    return t("Answered, but did not go on with it: nothing of that was shown.");
  if (outcome.kind === "failed") {
    const failure = failureWords(outcome.failure);
    const time = durationText(tookMs);
    return again
      ? t("Tried again: {failure} after {time}.", { failure: inSentence(failure), time })
      : t("{failure} after {time}.", { failure, time });
  }
  if (firstTokenMs === undefined) return t("Answered in {time}.", { time: durationText(tookMs) });
  const first = durationText(firstTokenMs);
  const writing = (tookMs - firstTokenMs) / 1000;
  const rate = usage === undefined || writing < 0.05 ? 0 : Math.round(usage.outputTokens / writing);
  return rate > 0
    ? t("Answered: first text after {first}, then {rate}\u00a0tokens/s.", {
        first,
        rate: rate.toLocaleString(),
      })
    : t("Answered: first text after {first}.", { first });
}

/** What an attempt cost, as a sentence. */
export function attemptCostWords({ cost }: Attempt): string {
  if (cost.kind === "unknown") return t("Cost unknown.");
  return cost.nanoUsd === 0 ? t("Not charged.") : t("Charged {cost}.", { cost: costWords(cost) });
}

/** A failure in a word or two, with its status. */
export function failureWords(failure: FailureRecord): string {
  const words = kindWords(failure);
  return failure.status === undefined
    ? words
    : t("{failure} ({status})", { failure: words, status: failure.status });
}

function kindWords({ kind, phase }: FailureRecord): string {
  switch (kind) {
    case "rate-limited":
      return t("Rate limit reached");
    case "overloaded":
      return t("Overloaded");
    case "timeout":
      if (phase === "first-token") return t("No first text");
      return phase === "idle" ? t("Fell silent") : t("No response");
    case "cut":
      return t("Connection broke");
    case "empty":
      return t("Empty answer");
    case "context-length":
      return t("Prompt too long");
    case "refused":
      return t("Refused");
    case "auth":
      return t("Key not accepted");
    case "forbidden":
      return t("Not allowed");
    case "not-found":
      return t("Not found");
    case "quota":
      return t("Out of credit");
    case "unreachable":
      return t("Not reachable");
    case "bad-request":
      return t("Request not accepted");
    case "malformed":
      return t("Not understood");
    case "cancelled":
      return t("Stopped");
  }
}

/** Words as they stand within a sentence. */
export function inSentence(words: string): string {
  return words.charAt(0).toLocaleLowerCase() + words.slice(1);
}
