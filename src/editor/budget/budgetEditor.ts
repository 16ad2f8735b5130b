import * as vscode from "vscode";
import type { BudgetScope } from "../../contract/budget.ts";
import { NANO_PER_USD, type NanoUsd, nanoUsd } from "../../contract/money.ts";
import { formatMoney } from "../../explain/format.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Settings } from "../../settings/schema.ts";
import { registerCommands } from "../commands.ts";

/** Registers the command that changes the daily budget. */
export function registerBudgetCommands(budget: BudgetEditor): vscode.Disposable {
  return registerCommands({ changeDailyBudget: () => budget.change({ kind: "day" }) });
}

/** Lets the user change a limit of the budget. */
export class BudgetEditor {
  readonly #settings: () => Settings;
  readonly #ledger: () => Promise<Pick<Ledger, "budget">>;

  constructor(settings: () => Settings, ledger: () => Promise<Pick<Ledger, "budget">>) {
    this.#settings = settings;
    this.#ledger = ledger;
  }

  /** Asks for the amount of a limit. Resolves to whether it has changed. */
  async change(limit: BudgetScope): Promise<boolean> {
    const before = this.#amountOf(limit);
    const value = await vscode.window.showInputBox({
      title: titleOf(limit),
      prompt: await this.#prompt(limit),
      value: before === null ? "" : editableUsd(nanoUsd(before)),
      validateInput: (text) =>
        parseUsd(text) === undefined
          ? vscode.l10n.t("Enter an amount such as 5 or 2.50, or leave it empty.")
          : undefined,
    });
    const amount = value === undefined ? undefined : parseUsd(value);
    if (amount === undefined) return false;
    await this.#save(limit, amount);
    return this.#amountOf(limit) !== before;
  }

  #amountOf(limit: BudgetScope): number | null {
    const { dailyUsd, monthlyUsd, perConversationUsd, perModelUsd, perProviderUsd } = this.#settings().budget;
    switch (limit.kind) {
      case "day":
        return dailyUsd;
      case "month":
        return monthlyUsd;
      case "conversation":
        return perConversationUsd;
      case "model":
        return perModelUsd[limit.ref] ?? null;
      case "provider":
        return perProviderUsd[limit.id] ?? null;
    }
  }

  /** @param amount null for no limit */
  async #save(limit: BudgetScope, amount: number | null): Promise<void> {
    const { perModelUsd, perProviderUsd } = this.#settings().budget;
    switch (limit.kind) {
      case "day":
        return save("switchyard.budget.dailyUsd", amount);
      case "month":
        return save("switchyard.budget.monthlyUsd", amount);
      case "conversation":
        return save("switchyard.budget.perConversationUsd", amount);
      case "model":
        return save("switchyard.budget.perModelUsd", withLimit(perModelUsd, limit.ref, amount));
      case "provider":
        return save("switchyard.budget.perProviderUsd", withLimit(perProviderUsd, limit.id, amount));
    }
  }

  async #prompt(limit: BudgetScope): Promise<string> {
    const spentNanoUsd = await this.#spent(limit);
    if (spentNanoUsd === undefined) return vscode.l10n.t("In US dollars. Leave it empty for no limit.");
    const spent = { spent: formatMoney(spentNanoUsd) };
    switch (limit.kind) {
      case "day":
      case "model":
      case "provider":
        return vscode.l10n.t(
          "In US dollars per day. Spent today: {spent}. Leave it empty for no limit.",
          spent,
        );
      case "month":
        return vscode.l10n.t(
          "In US dollars per month. Spent this month: {spent}. Leave it empty for no limit.",
          spent,
        );
      case "conversation":
        return vscode.l10n.t(
          "In US dollars, for each conversation. Spent in this one: {spent}. Leave it empty for no limit.",
          spent,
        );
    }
  }

  /** Returns undefined where the ledger cannot be read: the budget can be changed nevertheless. */
  async #spent(limit: BudgetScope): Promise<NanoUsd | undefined> {
    try {
      return await (await this.#ledger()).budget.spent(limit);
    } catch {
      return undefined;
    }
  }
}

function titleOf(limit: BudgetScope): string {
  switch (limit.kind) {
    case "day":
      return vscode.l10n.t("Daily budget");
    case "month":
      return vscode.l10n.t("Monthly budget");
    case "conversation":
      return vscode.l10n.t("Budget for each conversation");
    case "model":
      return vscode.l10n.t("Daily budget for {name}", { name: limit.ref });
    case "provider":
      return vscode.l10n.t("Daily budget for {name}", { name: limit.id });
  }
}

/** Writes to the user's settings, so that it applies in every window. */
async function save(setting: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(setting, value, vscode.ConfigurationTarget.Global);
}

function withLimit(
  limits: Readonly<Record<string, number>>,
  name: string,
  amount: number | null,
): Readonly<Record<string, number>> {
  const { [name]: _, ...others } = limits;
  return amount === null ? others : { ...others, [name]: amount };
}

/** Returns an amount for editing: exact and as short as possible, e.g. `5`, `2.5`, `0.004`. */
function editableUsd(amount: NanoUsd): string {
  return (amount / NANO_PER_USD).toFixed(9).replace(/\.?0+$/, "");
}

/**
 * Parses dollars as a person writes them. Returns null for an empty text (no limit), undefined if it is no amount. A comma
 * before three digits is no amount: some write a thousand dollars so, others one.
 */
function parseUsd(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/^\$\s*/, "");
  if (trimmed === "") return null;
  return /^\d+(\.\d+|,\d{1,2})?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : undefined;
}
