import * as l10n from "@vscode/l10n";
import type { AnswerSummary, Attempt } from "../../contract/answer.ts";
import type { ChainStep, Decision } from "../../contract/decision.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { failedToResume } from "../attempts.ts";
import { lowerFirst, upperFirst } from "../format.ts";
import { describeExpectedCost } from "../money.ts";
import { isChosenByExperiment } from "./picks.ts";
import { describeSkipped, formatQuality } from "./skipped.ts";

/** What happened to one model of a chain. */
export type CandidateOutcome =
  | "answered"
  /** Its answer broke after a part of it was shown. */
  | "broke"
  | "continued"
  /** It answered, but did not continue the partial answer. */
  | "not-resumed"
  | "failed"
  /** The user stopped it. */
  | "stopped"
  /** It was no longer available when its turn came. */
  | "unavailable"
  | "not-asked";

/** What happened to a model of the chain, why it came first if it did, its expected cost and its quality. */
export function describeCandidate(
  step: ChainStep,
  chain: readonly ChainStep[],
  decision: Decision,
  summary: AnswerSummary,
): { readonly outcome: CandidateOutcome; readonly text: string } {
  const attempts = summary.attempts.filter(({ ref }) => ref === step.ref);
  const failures = attempts.filter(({ outcome }) => outcome.kind === "failed" && !isStopped(outcome)).length;
  const outcome =
    attempts.length > 0 ? outcomeOf(step, attempts, summary) : outcomeWithoutAttempt(step, chain, summary);
  const notAsked = attempts.length > 0 ? undefined : reasonNotAsked(step, outcome, decision, summary);
  const isFirst = step === chain[0];
  const reason = isFirst ? reasonToComeFirst(decision) : undefined;
  const place =
    notAsked !== undefined
      ? l10n.t("Not asked: {reason}", { reason: lowerFirst(notAsked) })
      : reason === undefined
        ? describePlace(outcome, isFirst, failures, summary)
        : l10n.t("{reason}. {outcome}", { reason, outcome: describeOutcome(outcome, failures) });
  return { outcome, text: l10n.t("{place}. {figures}.", { place, figures: describeFigures(step) }) };
}

/** The skipped candidates, without those of the chain: a model that may exceed the budget is in both. */
export function skippedBesideChain({ outcome, skipped }: Decision): readonly Skipped[] {
  if (outcome.kind === "blocked") return skipped;
  const inChain = new Set(outcome.chain.map(({ ref }) => ref));
  return skipped.filter(({ ref }) => !inChain.has(ref));
}

/** The steps before the one that answered, or before the last one that was called. */
export function stepsBefore(chain: readonly ChainStep[], summary: AnswerSummary): readonly ChainStep[] {
  const { modelUsed, attempts } = summary;
  if (modelUsed === undefined && attempts.length === 0) return chain;
  const last = modelUsed ?? attempts.at(-1)?.ref;
  const index = chain.findIndex(({ ref }) => ref === last);
  return chain.slice(0, Math.max(0, index));
}

function outcomeOf(
  { ref }: ChainStep,
  attempts: readonly Attempt[],
  summary: AnswerSummary,
): CandidateOutcome {
  const { handoffs = [], ending, modelUsed } = summary;
  if (handoffs.some(({ from }) => from === ref)) return "broke";
  if (modelUsed === ref && ending.kind === "failed") return "broke";
  if (handoffs.some(({ to, method }) => to === ref && method !== "restart")) return "continued";
  if (attempts.some(({ outcome }) => outcome.kind === "answered")) return "answered";
  if (attempts.some(({ outcome }) => outcome.kind === "not-resumed")) return "not-resumed";
  if (attempts.some(({ outcome }) => isStopped(outcome))) return "stopped";
  return modelUsed === ref && failedToResume(summary) ? "broke" : "failed";
}

function isStopped(outcome: Attempt["outcome"]): boolean {
  return outcome.kind === "failed" && outcome.failure.kind === "cancelled";
}

/** Why a model of the chain was not called, as far as that is known; undefined if it was not needed. */
function reasonNotAsked(
  { ref }: ChainStep,
  outcome: CandidateOutcome,
  { atMs }: Decision,
  { notCalled = [], ending, modelUsed }: AnswerSummary,
): string | undefined {
  const recorded = notCalled.find((each) => each.ref === ref);
  if (recorded !== undefined) return describeSkipped(recorded, atMs);
  if (outcome !== "not-asked" || modelUsed !== undefined) return undefined;
  if (ending.kind === "stopped") {
    return ending.interrupted === true
      ? l10n.t("The window was closed")
      : l10n.t("You stopped before its turn");
  }
  if (ending.kind !== "failed") return undefined;
  switch (ending.failure.kind) {
    case "refused":
      return l10n.t("No other model is asked after a refusal");
    case "bad-request":
      return l10n.t("Two models had rejected the request");
    default:
      return undefined;
  }
}

/** A step before the one that answered was no longer available; a later one was not needed. */
function outcomeWithoutAttempt(
  step: ChainStep,
  chain: readonly ChainStep[],
  summary: AnswerSummary,
): CandidateOutcome {
  const wasStopped = summary.ending.kind === "stopped" && summary.modelUsed === undefined;
  const isRecorded = summary.notCalled?.some(({ ref }) => ref === step.ref) === true;
  return isRecorded || (stepsBefore(chain, summary).includes(step) && !wasStopped)
    ? "unavailable"
    : "not-asked";
}

function reasonToComeFirst(decision: Decision): string | undefined {
  if (isChosenByExperiment(decision)) return l10n.t("Chosen by the experiment");
  const { outcome } = decision;
  if (outcome.kind === "chosen" && outcome.byBudget === "free") return l10n.t("The best free model");
  if (outcome.kind === "chosen" && outcome.byBudget === "cheapest") return l10n.t("The cheapest model");
  if (decision.followUp === true) return l10n.t("Kept from the previous prompt");
  if (decision.exploration !== undefined) return l10n.t("Tried, to measure its speed");
  if (outcome.kind === "chosen" && outcome.insteadOf !== undefined) {
    return l10n.t("The first that the budget covers");
  }
  return decision.affinity?.kind === "stayed" ? l10n.t("Stayed: its cache is warm") : undefined;
}

function describePlace(
  outcome: CandidateOutcome,
  isFirst: boolean,
  failures: number,
  { modelUsed }: AnswerSummary,
): string {
  switch (outcome) {
    case "answered":
      return isFirst ? l10n.t("First choice, answered") : l10n.t("Next in order, answered");
    case "broke":
      return isFirst ? l10n.t("First choice, broke off midway") : l10n.t("Next in order, broke off midway");
    case "continued":
      return isFirst
        ? l10n.t("First choice, continued the answer")
        : l10n.t("Next in order, continued the answer");
    case "not-resumed":
      return isFirst
        ? l10n.t("First choice, did not continue the answer")
        : l10n.t("Next in order, did not continue the answer");
    case "failed":
      if (failures === 1) return isFirst ? l10n.t("First choice, failed") : l10n.t("Next in order, failed");
      if (failures === 2)
        return isFirst ? l10n.t("First choice, failed twice") : l10n.t("Next in order, failed twice");
      return isFirst
        ? l10n.t("First choice, failed {count} times", { count: failures })
        : l10n.t("Next in order, failed {count} times", { count: failures });
    case "stopped":
      return isFirst ? l10n.t("First choice, stopped") : l10n.t("Next in order, stopped");
    case "unavailable":
      return describeOutcome(outcome, failures);
    case "not-asked":
      if (isFirst) return l10n.t("First choice, not asked");
      return modelUsed === undefined
        ? l10n.t("Next in order, not asked")
        : l10n.t("Next in order, not needed");
  }
}

function describeOutcome(outcome: CandidateOutcome, failures: number): string {
  switch (outcome) {
    case "answered":
      return l10n.t("Answered");
    case "broke":
      return l10n.t("Broke off midway");
    case "continued":
      return l10n.t("Continued the answer");
    case "not-resumed":
      return l10n.t("Did not continue the answer");
    case "failed":
      if (failures === 1) return l10n.t("Failed");
      return failures === 2 ? l10n.t("Failed twice") : l10n.t("Failed {count} times", { count: failures });
    case "stopped":
      return l10n.t("Stopped");
    case "unavailable":
      return l10n.t("Not asked: no longer available");
    case "not-asked":
      return l10n.t("Not asked");
  }
}

function describeFigures(step: ChainStep): string {
  const { expectedNanoUsd, quality, qualityBasis, qualityError, simulated } = step;
  const cost = upperFirst(simulated === true ? l10n.t("free") : describeExpectedCost(expectedNanoUsd));
  return quality === undefined
    ? l10n.t("{cost}, quality not known", { cost })
    : l10n.t("{cost}, quality {quality}", {
        cost,
        quality: formatQuality(quality.toFixed(2), qualityBasis, qualityError),
      });
}
