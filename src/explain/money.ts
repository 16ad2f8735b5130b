import * as l10n from "@vscode/l10n";
import type { BlockReason } from "../contract/decision.ts";
import type { Cost, NanoUsd } from "../contract/money.ts";
import { formatMoney, formatMoneyApart } from "./format.ts";

type OverBudget = Extract<BlockReason, { kind: "over-budget" }>;
type Period = Pick<OverBudget, "period">;

/** What an answer cost: `$0.017`, `≈ $0.011`, “free”, “cost unknown”. */
export function describeCost(cost: Cost): string {
  if (cost.kind === "unknown") return l10n.t("cost unknown");
  if (cost.nanoUsd === 0) return l10n.t("free");
  return cost.kind === "exact" ? formatMoney(cost.nanoUsd) : `≈ ${formatMoney(cost.nanoUsd)}`;
}

/** What an answer is expected to cost: “about $0.02”, “free”, “cost unknown”. */
export function describeExpectedCost(amount: NanoUsd | undefined): string {
  if (amount === undefined) return l10n.t("cost unknown");
  return amount === 0 ? l10n.t("free") : l10n.t("about {cost}", { cost: formatMoney(amount) });
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

/** The title of a prompt that the budget blocks. */
export function overBudgetTitle({ period }: Period): string {
  return period === "month"
    ? l10n.t("This month’s budget does not carry this prompt")
    : l10n.t("Today’s budget does not carry this prompt");
}

/** The same in the space of a quiet line. */
export function describeOverBudget({ period }: Period): string {
  return period === "month" ? l10n.t("Over this month’s budget") : l10n.t("Over today’s budget");
}

/** The same as a sentence of an explanation. */
export function overBudgetSentence({ period }: Period): string {
  return period === "month"
    ? l10n.t("It is over this month’s budget, so it was not sent.")
    : l10n.t("It is over today’s budget, so it was not sent.");
}

/** What a blocked prompt is expected to cost and needs, and how much of the budget is left until when. */
export function describeOverBudgetFigures(reason: OverBudget): string {
  const { needed, reservedNanoUsd, budgetNanoUsd, period } = reason;
  const leftNanoUsd = Math.max(0, reason.leftNanoUsd);
  const budget = formatMoney(budgetNanoUsd);
  const expected = describeExpectedCost(reason.expectedNanoUsd);
  if (needed === undefined) {
    const figures = { cost: expected, left: formatMoney(leftNanoUsd), budget };
    return period === "month"
      ? l10n.t(
          "It is expected to cost {cost}, and {left} of {budget} is left until the end of the month.",
          figures,
        )
      : l10n.t("It is expected to cost {cost}, and {left} of {budget} is left until midnight.", figures);
  }
  const [most, left] = formatMoneyApart(needed.nanoUsd, leftNanoUsd);
  const figures = { cost: expected, tokens: needed.outputTokens.toLocaleString(), most, left, budget };
  if (reservedNanoUsd !== undefined && needed.nanoUsd <= leftNanoUsd) {
    return l10n.t(
      "It is expected to cost {cost}, and up to {most} with {tokens} tokens of output. {left} of {budget} is left, but other answers have reserved {reserved} of it. Try again in a moment.",
      { ...figures, reserved: formatMoney(reservedNanoUsd) },
    );
  }
  return period === "month"
    ? l10n.t(
        "It is expected to cost {cost}, and up to {most} with {tokens} tokens of output. {left} of {budget} is left until the end of the month.",
        figures,
      )
    : l10n.t(
        "It is expected to cost {cost}, and up to {most} with {tokens} tokens of output. {left} of {budget} is left until midnight.",
        figures,
      );
}
