import * as vscode from "vscode";
import { moneyText } from "../contract/view/format.ts";
import type { SpendWatch } from "./spendWatch.ts";

/** Asks for the daily budget and writes it into the user's settings, where every window sees it at once. */
export async function changeDailyBudget(spend: SpendWatch): Promise<void> {
  const { spentNanoUsd, budgetNanoUsd } = spend.view;
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t("Daily budget"),
    prompt: vscode.l10n.t(
      "Budget per day in US dollars. {spent} is spent today. Leave it empty for no limit.",
      {
        spent: moneyText(spentNanoUsd),
      },
    ),
    value: budgetNanoUsd === undefined ? "" : (budgetNanoUsd / 1e9).toFixed(2),
    validateInput: (text) =>
      parseUsd(text) === undefined ? vscode.l10n.t("An amount such as 5 or 2.50, or nothing.") : undefined,
  });
  const budget = value === undefined ? undefined : parseUsd(value);
  if (budget === undefined) return;
  await vscode.workspace
    .getConfiguration()
    .update("switchyard.budget.dailyUsd", budget, vscode.ConfigurationTarget.Global);
}

/** Dollars as a person writes them; null for nothing (no limit), undefined for what is no amount. */
function parseUsd(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/^\$\s*/, "");
  if (trimmed === "") return null;
  return /^\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : undefined;
}
