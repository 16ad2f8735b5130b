import * as vscode from "vscode";
import type { Spend } from "../../contract/budget.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import { formatBudget, formatMoney } from "../../explain/format.ts";
import { type ModelNames, modelNames } from "../../explain/names.ts";
import type { KeyRejected, Paused } from "../models/modelHealth.ts";

/** Everything that the status bar item, its tooltip and its menu show. */
export type StatusState = {
  /** The model of the last answer; undefined before the first one. */
  readonly lastModel?: ModelRef | undefined;
  /** An answer is being written. */
  readonly busy: boolean;
  /** Only the simulator can answer. */
  readonly simulated: boolean;
  readonly spend?: Spend | undefined;
  readonly budgetNanoUsd?: NanoUsd | undefined;
  /** The share of the budget, 0 to 1, from which the item shows a warning. */
  readonly warnAt?: number | undefined;
  readonly paused: readonly Paused[];
  readonly rejectedKeys: readonly KeyRejected[];
  readonly switchedOff: readonly ModelRef[];
};

export type ItemText = {
  /** An icon and at most 40 characters. */
  readonly text: string;
  readonly accessibleName: string;
  /** The budget is spent: the only state with a background. */
  readonly isSpent: boolean;
};

/** The names of the models and providers that a state shows together: equal names are made distinct. */
export function namesIn({ lastModel, spend, paused, switchedOff }: StatusState): ModelNames {
  return modelNames([
    ...(lastModel === undefined ? [] : [lastModel]),
    ...[...(spend?.byModel ?? []), ...(spend?.overruns ?? [])].map(({ ref }) => ref),
    ...paused.map(({ subject }) => subject),
    ...switchedOff,
  ]);
}

const MOST_CHARACTERS = 40;
const LOGO = "$(switchyard-mark)";

/**
 * Returns the item's text: `model · spent / budget`. A warning icon appears while a model is paused or a key is
 * rejected, and before the amount once the budget is nearly spent.
 */
export function itemText(state: StatusState): ItemText {
  const { lastModel, paused, rejectedKeys, busy, simulated, budgetNanoUsd } = state;
  const spentNanoUsd = state.spend?.spentNanoUsd ?? 0;
  const isSpent = budgetNanoUsd !== undefined && spentNanoUsd > 0 && spentNanoUsd >= budgetNanoUsd;
  const icon = busy ? "$(loading~spin)" : paused.length + rejectedKeys.length > 0 ? "$(warning)" : LOGO;
  const money = isSpent ? vscode.l10n.t("budget spent") : moneyPart(state, spentNanoUsd);
  const model = simulated
    ? vscode.l10n.t("Simulator")
    : lastModel === undefined
      ? vscode.l10n.t("Auto")
      : namesIn(state)(lastModel);
  const room = MOST_CHARACTERS - [...money.replace(/\$\([^)]*\)\s?/g, "")].length - 3;
  return {
    text: `${icon} ${cut(model, room)} · ${money}`,
    accessibleName: accessibleName(state, model, spentNanoUsd),
    isSpent,
  };
}

function moneyPart({ simulated, budgetNanoUsd, warnAt }: StatusState, spentNanoUsd: NanoUsd): string {
  if (simulated && spentNanoUsd === 0) return vscode.l10n.t("free");
  const spent = spentNanoUsd === 0 ? "$0" : formatMoney(spentNanoUsd);
  if (budgetNanoUsd === undefined) return vscode.l10n.t("{spent} today", { spent });
  const isNear = warnAt !== undefined && spentNanoUsd > 0 && spentNanoUsd >= warnAt * budgetNanoUsd;
  return `${isNear ? "$(warning) " : ""}${spent} / ${formatBudget(budgetNanoUsd)}`;
}

function accessibleName(state: StatusState, model: string, spentNanoUsd: NanoUsd): string {
  const { budgetNanoUsd, paused, rejectedKeys } = state;
  const spent = formatMoney(spentNanoUsd);
  const parts = [
    budgetNanoUsd === undefined
      ? vscode.l10n.t("Switchyard, {model}, {spent} spent today", { model, spent })
      : vscode.l10n.t("Switchyard, {model}, {spent} of {budget} spent today", {
          model,
          spent,
          budget: formatMoney(budgetNanoUsd),
        }),
  ];
  if (paused.length > 0) {
    const models = paused.map(({ subject }) => namesIn(state)(subject)).join(", ");
    parts.push(vscode.l10n.t("Paused: {models}", { models }));
  }
  if (rejectedKeys.length > 0) {
    const providers = rejectedKeys.map(({ name }) => name).join(", ");
    parts.push(vscode.l10n.t("Key rejected: {providers}", { providers }));
  }
  return parts.join(". ");
}

/** Shortens a model's name, so that the amount is never cut. */
function cut(text: string, room: number): string {
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(1, room - 1)).join("")}…`;
}
