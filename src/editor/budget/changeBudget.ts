import * as vscode from "vscode";
import { type NanoUsd, nanoUsd } from "../../contract/money.ts";
import { formatMoney } from "../../explain/format.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Settings } from "../../settings/schema.ts";
import { editableUsd, parseUsd } from "./budgetAmount.ts";

const SETTING = { day: "switchyard.budget.dailyUsd", month: "switchyard.budget.monthlyUsd" } as const;

/** Asks for a budget and writes it into the user's settings, where every window sees it at once. */
export class BudgetCommand {
  readonly #settings: () => Settings;
  readonly #ledger: () => Promise<Pick<Ledger, "budget">>;

  constructor(settings: () => Settings, ledger: () => Promise<Pick<Ledger, "budget">>) {
    this.#settings = settings;
    this.#ledger = ledger;
  }

  /** True if the budget is another one afterwards. */
  async change(period: "day" | "month"): Promise<boolean> {
    const before = this.#limit(period);
    const value = await vscode.window.showInputBox({
      title: period === "day" ? vscode.l10n.t("Daily budget") : vscode.l10n.t("Monthly budget"),
      prompt: await this.#prompt(period),
      value: before === null ? "" : editableUsd(nanoUsd(before)),
      validateInput: (text) =>
        parseUsd(text) === undefined ? vscode.l10n.t("An amount such as 5 or 2.50, or nothing.") : undefined,
    });
    const budget = value === undefined ? undefined : parseUsd(value);
    if (budget === undefined) return false;
    await vscode.workspace
      .getConfiguration()
      .update(SETTING[period], budget, vscode.ConfigurationTarget.Global);
    return this.#limit(period) !== before;
  }

  #limit(period: "day" | "month"): number | null {
    const { dailyUsd, monthlyUsd } = this.#settings().budget;
    return period === "day" ? dailyUsd : monthlyUsd;
  }

  async #prompt(period: "day" | "month"): Promise<string> {
    const sum = await this.#spent(period);
    if (sum === undefined) return vscode.l10n.t("In US dollars. Leave it empty for no limit.");
    const spent = { spent: formatMoney(sum) };
    return period === "day"
      ? vscode.l10n.t(
          "Budget per day in US dollars. {spent} is spent today. Leave it empty for no limit.",
          spent,
        )
      : vscode.l10n.t(
          "Budget per month in US dollars. {spent} is spent this month. Leave it empty for no limit.",
          spent,
        );
  }

  /** Undefined where the ledger cannot be read just now: a budget can be set all the same. */
  async #spent(period: "day" | "month"): Promise<NanoUsd | undefined> {
    try {
      const { budget } = await this.#ledger();
      return (await (period === "day" ? budget.today() : budget.month())).spentNanoUsd;
    } catch {
      return undefined;
    }
  }
}
