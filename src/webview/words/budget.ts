import { t } from "@vscode/l10n";
import { moneyText } from "../../contract/view/format.ts";
import type { Stop } from "../../contract/view/shown.ts";
import { expectedWords } from "./money.ts";

type OverBudget = Extract<Stop, { kind: "over-budget" }>;

/** What happened, where the budget of the day or of the month stopped a prompt. */
export function overBudgetTitle({ period }: Pick<OverBudget, "period">): string {
  return period === "month"
    ? t("This month’s budget does not carry this prompt")
    : t("Today’s budget does not carry this prompt");
}

/** The same in the room of a quiet line. */
export function overBudgetWords({ period }: Pick<OverBudget, "period">): string {
  return period === "month" ? t("Over this month’s budget") : t("Over today’s budget");
}

/** The same as the end of an explanation. */
export function overBudgetSentence({ period }: Pick<OverBudget, "period">): string {
  return period === "month"
    ? t("This month’s budget does not carry it, so nobody was asked.")
    : t("Today’s budget does not carry it, so nobody was asked.");
}

/** What it would cost, and what is left until when. */
export function overBudgetFigures(stop: OverBudget): string {
  const figures = {
    cost: expectedWords(stop.expectedNanoUsd),
    left: moneyText(Math.max(0, stop.leftNanoUsd)),
    budget: moneyText(stop.budgetNanoUsd),
  };
  return stop.period === "month"
    ? t("It is expected to cost {cost}, and {left} of {budget} is left until the end of the month.", figures)
    : t("It is expected to cost {cost}, and {left} of {budget} is left until midnight.", figures);
}
