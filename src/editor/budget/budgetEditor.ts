import * as vscode from "vscode";
import { NANO_PER_USD, type NanoUsd, nanoUsd } from "../../contract/money.ts";
import { formatMoney } from "../../explain/format.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Settings } from "../../settings/schema.ts";
import { registerCommands } from "../commands.ts";

const SETTING = { day: "switchyard.budget.dailyUsd", month: "switchyard.budget.monthlyUsd" } as const;

/** Registers the command that changes the daily budget. */
export function registerBudgetCommands(budget: BudgetEditor): vscode.Disposable {
  return registerCommands({ changeDailyBudget: () => budget.change("day") });
}

/** Lets the user change a budget. It is written to the user's settings, so that it applies in every window. */
export class BudgetEditor {
  readonly #settings: () => Settings;
  readonly #ledger: () => Promise<Pick<Ledger, "budget">>;

  constructor(settings: () => Settings, ledger: () => Promise<Pick<Ledger, "budget">>) {
    this.#settings = settings;
    this.#ledger = ledger;
  }

  /** Asks for a budget. Resolves to whether it has changed. */
  async change(period: "day" | "month"): Promise<boolean> {
    const before = this.#limit(period);
    const value = await vscode.window.showInputBox({
      title: period === "day" ? vscode.l10n.t("Daily budget") : vscode.l10n.t("Monthly budget"),
      prompt: await this.#prompt(period),
      value: before === null ? "" : editableUsd(nanoUsd(before)),
      validateInput: (text) =>
        parseUsd(text) === undefined
          ? vscode.l10n.t("Enter an amount such as 5 or 2.50, or leave it empty.")
          : undefined,
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
    const spentNanoUsd = await this.#spent(period);
    if (spentNanoUsd === undefined) return vscode.l10n.t("In US dollars. Leave it empty for no limit.");
    const spent = { spent: formatMoney(spentNanoUsd) };
    return period === "day"
      ? vscode.l10n.t("In US dollars per day. Spent today: {spent}. Leave it empty for no limit.", spent)
      : vscode.l10n.t(
          "In US dollars per month. Spent this month: {spent}. Leave it empty for no limit.",
          spent,
        );
  }

  /** Returns undefined where the ledger cannot be read: the budget can be changed nevertheless. */
  async #spent(period: "day" | "month"): Promise<NanoUsd | undefined> {
    try {
      const { budget } = await this.#ledger();
      return (await (period === "day" ? budget.today() : budget.month())).spentNanoUsd;
    } catch {
      return undefined;
    }
  }
}

/** Returns an amount for editing: exact and as short as possible, e.g. `5`, `2.5`, `0.004`. */
function editableUsd(amount: NanoUsd): string {
  return (amount / NANO_PER_USD).toFixed(9).replace(/\.?0+$/, "");
}

/** Parses dollars as a person writes them. Returns null for an empty text (no limit), undefined if it is no amount. */
function parseUsd(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/^\$\s*/, "");
  if (trimmed === "") return null;
  return /^\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : undefined;
}
