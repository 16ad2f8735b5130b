import { t } from "@vscode/l10n";
import type { AnswerSummary, Attempt, ChainStep, Decision } from "../../contract/view/shown.ts";
import { wasTriedInVain } from "./broken.ts";
import { byExperiment } from "./experiment.ts";
import { expectedWords } from "./money.ts";
import { stepsPassed } from "./steps.ts";

export type Tried =
  | "answered"
  /** A part of its answer is shown, or was taken back: then it broke. */
  | "torn"
  | "continued"
  /** It answered, but did not go on with the torn answer. */
  | "not-resumed"
  | "failed"
  | "skipped"
  | "not";

/** What became of a step of the chain, what put it first, and the figures it was judged by. */
export function candidateWords(
  step: ChainStep,
  chain: readonly ChainStep[],
  decision: Decision,
  summary: AnswerSummary,
): { readonly tried: Tried; readonly words: string } {
  const own = summary.attempts.filter(({ ref }) => ref === step.ref);
  const failures = own.filter(({ outcome }) => outcome.kind === "failed").length;
  const tried = own.length > 0 ? asked(step, own, summary) : untried(step, chain, summary);
  const isFirst = step === chain[0];
  const because = isFirst ? firstBecause(decision) : undefined;
  const what =
    because === undefined
      ? placeWords(tried, isFirst, failures, summary)
      : t("{reason}. {outcome}", { reason: because, outcome: outcomeWords(tried, failures) });
  return { tried, words: t("{what}. {figures}.", { what, figures: figures(step) }) };
}

function asked({ ref }: ChainStep, own: readonly Attempt[], summary: AnswerSummary): Tried {
  const { handoffs: rescues = [], ending, modelUsed } = summary;
  if (rescues.some(({ from }) => from === ref)) return "torn";
  if (modelUsed === ref && ending.kind === "failed") return "torn";
  if (rescues.some(({ to: by, method: means }) => by === ref && means !== "restart")) return "continued";
  if (own.some(({ outcome }) => outcome.kind === "answered")) return "answered";
  if (own.some(({ outcome }) => outcome.kind === "not-resumed")) return "not-resumed";
  return modelUsed === ref && wasTriedInVain(summary) ? "torn" : "failed";
}

/** A step that was passed on the way could not be asked; one that stands behind was not needed. */
function untried(step: ChainStep, chain: readonly ChainStep[], summary: AnswerSummary): Tried {
  const wasStopped = summary.ending.kind === "stopped" && summary.modelUsed === undefined;
  return stepsPassed(chain, summary).includes(step) && !wasStopped ? "skipped" : "not";
}

/** What put a model first, where it was not the pick alone. */
function firstBecause(decision: Decision): string | undefined {
  if (byExperiment(decision)) return t("Chosen by the experiment");
  if (decision.followUp === true) return t("Kept from the prompt before");
  return decision.affinity?.kind === "stayed" ? t("Stayed: its cache is warm") : undefined;
}

function placeWords(tried: Tried, isFirst: boolean, failures: number, { modelUsed }: AnswerSummary): string {
  switch (tried) {
    case "answered":
      return isFirst ? t("First choice, answered") : t("Next in order, answered");
    case "torn":
      return isFirst ? t("First choice, broke off midway") : t("Next in order, broke off midway");
    case "continued":
      return isFirst ? t("First choice, continued the answer") : t("Next in order, continued the answer");
    case "not-resumed":
      return isFirst
        ? t("First choice, did not go on with the answer")
        : t("Next in order, did not go on with the answer");
    case "failed":
      if (failures === 1) return isFirst ? t("First choice, failed") : t("Next in order, failed");
      if (failures === 2) return isFirst ? t("First choice, failed twice") : t("Next in order, failed twice");
      return isFirst
        ? t("First choice, failed {count} times", { count: failures })
        : t("Next in order, failed {count} times", { count: failures });
    case "skipped":
      return outcomeWords(tried, failures);
    case "not":
      if (isFirst) return t("First choice, not asked");
      return modelUsed === undefined ? t("Next in order, not asked") : t("Next in order, not needed");
  }
}

function outcomeWords(tried: Tried, failures: number): string {
  switch (tried) {
    case "answered":
      return t("Answered");
    case "torn":
      return t("Broke off midway");
    case "continued":
      return t("Continued the answer");
    case "not-resumed":
      return t("Did not go on with the answer");
    case "failed":
      if (failures === 1) return t("Failed");
      return failures === 2 ? t("Failed twice") : t("Failed {count} times", { count: failures });
    case "skipped":
      return t("Not asked: it could not be asked any more");
    case "not":
      return t("Not asked");
  }
}

function figures({ expectedNanoUsd, quality, simulated }: ChainStep): string {
  const cost = simulated === true ? t("free") : expectedWords(expectedNanoUsd);
  const Cost = cost.charAt(0).toLocaleUpperCase() + cost.slice(1);
  return quality === undefined
    ? t("{cost}, quality not known", { cost: Cost })
    : t("{cost}, quality {quality}", { cost: Cost, quality: quality.toFixed(2) });
}
