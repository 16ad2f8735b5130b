import * as l10n from "@vscode/l10n";
import type { AnswerSummary } from "../contract/answer.ts";
import type { CostRange, Decision } from "../contract/decision.ts";
import type { ModelOption } from "../contract/modelOptions.ts";
import type { Cost, NanoUsd } from "../contract/money.ts";
import type { BlockReason } from "../contract/skipped.ts";
import { describeSkipped } from "./decision/skipped.ts";
import { formatMoney, formatMoneyApart, formatMoneyRange, formatUnitPrice, lowerFirst } from "./format.ts";
import { describeLeft, describeLimit } from "./limits.ts";
import type { ModelNames } from "./names.ts";

type OverBudget = Extract<BlockReason, { kind: "over-budget" }>;

/** What an answer cost: `$0.017`, `≈ $0.011`, “free”, “cost unknown”. */
export function describeCost(cost: Cost): string {
  if (cost.kind === "unknown") return l10n.t("cost unknown");
  if (cost.nanoUsd === 0) return l10n.t("free");
  return cost.kind === "exact" ? formatMoney(cost.nanoUsd) : `≈ ${formatMoney(cost.nanoUsd)}`;
}

/** What an answer cost. Only what a model answered for nothing is “free”; a failed or stopped attempt cost $0.00. */
export function describeAnswerCost({ cost, attempts, modelUsed }: AnswerSummary): string {
  const isAnswered =
    modelUsed !== undefined &&
    (attempts.length === 0 || attempts.some(({ outcome }) => outcome.kind === "answered"));
  return cost.kind === "exact" && !isAnswered ? formatMoney(cost.nanoUsd) : describeCost(cost);
}

/** A range whose ends are further apart than this factor is shown as a range. */
const NARROW = 1.6;

/**
 * What an answer is expected to cost: “about $0.02”, “$0.004–0.01” where nine of ten answers are in a wide range, “free”,
 * “cost unknown”.
 */
export function describeExpectedCost(amount: NanoUsd | undefined, range?: CostRange): string {
  if (amount === undefined) return l10n.t("cost unknown");
  if (range !== undefined && range.highNanoUsd > range.lowNanoUsd * NARROW) {
    return formatMoneyRange(range.lowNanoUsd, range.highNanoUsd);
  }
  return amount === 0 ? l10n.t("free") : l10n.t("about {cost}", { cost: formatMoney(amount) });
}

type Prices = Pick<ModelOption, "local" | "simulated" | "inputUsdPerMTok" | "outputUsdPerMTok">;

/** What a model costs per million tokens of input and output: “$2 / $10”, “free”. */
export function describePrices({ local, simulated, inputUsdPerMTok, outputUsdPerMTok }: Prices): string {
  if (local || simulated === true) return l10n.t("free");
  if (inputUsdPerMTok === undefined || outputUsdPerMTok === undefined) return l10n.t("price unknown");
  return l10n.t("{input} / {output}", {
    input: formatUnitPrice(inputUsdPerMTok),
    output: formatUnitPrice(outputUsdPerMTok),
  });
}

/** What was spent, and the budget if there is one: “$1.24 / $5.00”. `unknown`: some answers have no known price. */
export function describeSpend(spend: {
  readonly spentNanoUsd: NanoUsd;
  readonly budgetNanoUsd?: NanoUsd | undefined;
  readonly unknown: boolean;
}): string {
  const known = formatMoney(spend.spentNanoUsd);
  const spent = spend.unknown ? l10n.t("at least {spent}", { spent: known }) : known;
  return spend.budgetNanoUsd === undefined
    ? spent
    : l10n.t("{spent} / {budget}", { spent, budget: formatMoney(spend.budgetNanoUsd) });
}

/** Why a limit blocked a prompt, as a sentence of an explanation, with the figures that decided. */
export function overBudgetSentence({ needed, expectedNanoUsd, leftNanoUsd, limit }: OverBudget): string {
  const [cost, left] = formatMoneyApart(needed?.nanoUsd ?? expectedNanoUsd, Math.max(0, leftNanoUsd));
  return l10n.t("It could cost up to {cost}, and {left} of {budget} is left, so it was not sent.", {
    cost,
    left,
    budget: describeLimit(limit),
  });
}

/** The same for one of several reasons on a line. */
export function describeOverBudgetBriefly({ needed, expectedNanoUsd, leftNanoUsd }: OverBudget): string {
  const [cost, left] = formatMoneyApart(needed?.nanoUsd ?? expectedNanoUsd, leftNanoUsd);
  return l10n.t("over budget: could cost up to {cost}, and {left} is left", { cost, left });
}

/** Why the budget changed which model was asked, as a sentence; undefined if it did not. */
export function describeBudgetEffect(
  { outcome, skipped, attributes, atMs }: Decision,
  names: ModelNames,
): string | undefined {
  if (outcome.kind === "blocked") return undefined;
  const { byBudget, insteadOf } = outcome;
  if (byBudget !== undefined && attributes.budgetChoice !== undefined) {
    return byBudget === "free"
      ? l10n.t("You chose a free model for this prompt.")
      : l10n.t("You chose the cheapest model that the budget covers for this prompt.");
  }
  const notCovered = skipped.find(({ ref, reason }) => reason === "over-budget" && ref === insteadOf);
  if (notCovered === undefined) return byBudget && describeUnknownEffect(byBudget);
  const texts = {
    model: names(notCovered.ref),
    reason: lowerFirst(describeSkipped(notCovered, atMs)),
    asked: names(outcome.chain[0].ref),
  };
  switch (byBudget) {
    case undefined:
      return l10n.t("{model} {reason}, so {asked} was asked.", texts);
    case "free":
      return l10n.t("{model} {reason}, so {asked} was asked, which is free.", texts);
    case "cheapest":
      return l10n.t("{model} {reason}: {asked}, the cheapest, was asked beyond the budget.", texts);
  }
}

/** The models that the budget no longer covered when their turn came, and the one that was asked then; a sentence each. */
export function describeLateEffect(
  { atMs }: Decision,
  { notCalled = [], modelUsed }: AnswerSummary,
  names: ModelNames,
): readonly string[] {
  if (modelUsed === undefined) return [];
  return notCalled
    .filter(({ ref, reason }) => reason === "over-budget" && ref !== modelUsed)
    .map((model) =>
      l10n.t("{model} {reason}, so {asked} was asked.", {
        model: names(model.ref),
        reason: lowerFirst(describeSkipped(model, atMs)),
        asked: names(modelUsed),
      }),
    );
}

/** For decisions of older versions, which do not contain the figures. */
function describeUnknownEffect(byBudget: "free" | "cheapest"): string {
  return byBudget === "free"
    ? l10n.t("The route’s models are over budget, so a free model was asked.")
    : l10n.t("The route’s models are over budget, so the cheapest model was asked.");
}

/** By how much an answer exceeded a limit, as under `whenExceeded: cheapest`; undefined if it did not. */
export function describeExcess({ outcome, skipped }: Decision, cost: Cost): string | undefined {
  if (outcome.kind === "blocked" || outcome.byBudget !== "cheapest" || cost.kind === "unknown")
    return undefined;
  const limit = skipped.find(({ reason }) => reason === "over-budget");
  if (limit?.reason !== "over-budget" || cost.nanoUsd <= limit.leftNanoUsd) return undefined;
  return l10n.t("It cost {cost}, and {left} of {budget} was left: the budget is exceeded.", {
    cost: describeCost(cost),
    left: formatMoney(limit.leftNanoUsd),
    budget: describeLimit(limit.limit),
  });
}

/** What a blocked prompt is expected to cost and needs, and how much of the budget is left until when. */
export function describeOverBudgetFigures(reason: OverBudget): string {
  const { needed, reservedNanoUsd, budgetNanoUsd, limit } = reason;
  const leftNanoUsd = Math.max(0, reason.leftNanoUsd);
  const budget = formatMoney(budgetNanoUsd);
  const cost = describeExpectedCost(reason.expectedNanoUsd);
  if (needed === undefined) {
    const expected = l10n.t("It is expected to cost {cost}.", { cost });
    return `${expected} ${describeLeft(limit, { left: formatMoney(leftNanoUsd), budget })}`;
  }
  const [most, left] = formatMoneyApart(needed.nanoUsd, leftNanoUsd);
  const tokens = needed.outputTokens.toLocaleString();
  const figures = { cost, most, tokens };
  const expected = l10n.t(
    "It is expected to cost {cost}, and up to {most} with {tokens} tokens of output.",
    figures,
  );
  if (reservedNanoUsd !== undefined && needed.nanoUsd <= leftNanoUsd) {
    const reserved = formatMoney(reservedNanoUsd);
    const held = l10n.t(
      "{left} of {budget} is left, but other answers have reserved {reserved} of it. Try again in a moment.",
      { left, budget, reserved },
    );
    return `${expected} ${held}`;
  }
  return `${expected} ${describeLeft(limit, { left, budget })}`;
}
