import { t } from "@vscode/l10n";
import { costText, moneyText } from "../../contract/view/format.ts";
import type { BudgetView } from "../../contract/view/protocol.ts";
import type { Cost, NanoUsd } from "../../contract/view/shown.ts";

/** `$0.017`, `≈ $0.011`, “free”, “cost unknown”. */
export function costWords(cost: Cost): string {
  return costText(cost, { free: t("free"), unknown: t("cost unknown") });
}

/** “about $0.02”, “free”, “cost unknown”: what is expected. */
export function expectedWords(amount: NanoUsd | undefined): string {
  if (amount === undefined) return t("cost unknown");
  return amount === 0 ? t("free") : t("about {cost}", { cost: moneyText(amount) });
}

/** “$1.24 / $5.00”: what is spent, and of how much. */
export function spentWords({ spentNanoUsd, budgetNanoUsd, unknown }: BudgetView): string {
  const spent = unknown ? t("at least {spent}", { spent: moneyText(spentNanoUsd) }) : moneyText(spentNanoUsd);
  return budgetNanoUsd === undefined
    ? spent
    : t("{spent} / {budget}", { spent, budget: moneyText(budgetNanoUsd) });
}
