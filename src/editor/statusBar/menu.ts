import * as vscode from "vscode";
import { formatMoney, formatWait } from "../../explain/format.ts";
import type { Paused } from "../models/modelHealth.ts";
import { namesIn, type StatusState } from "./itemText.ts";

type MenuItem = vscode.QuickPickItem & { readonly command?: string; readonly argument?: string };

/**
 * Shows the menu of the status bar item and runs the chosen command.
 * @param keys the names of the providers that have a key
 */
export async function showMenu(state: StatusState, keys: readonly string[], nowMs: number): Promise<void> {
  const chosen = await vscode.window.showQuickPick(menuItems(state, keys, nowMs), {
    placeHolder: vscode.l10n.t("Budget, models and routes"),
  });
  if (chosen?.command === undefined) return;
  const { command, argument } = chosen;
  await vscode.commands.executeCommand(command, ...(argument === undefined ? [] : [argument]));
}

function menuItems(state: StatusState, keys: readonly string[], nowMs: number): readonly MenuItem[] {
  const { spend, budgetNanoUsd, paused, rejectedKeys, switchedOff } = state;
  const spent = formatMoney(spend?.spentNanoUsd ?? 0);
  const names = namesIn(state);
  return [
    {
      label: vscode.l10n.t("Change daily budget…"),
      description:
        budgetNanoUsd === undefined
          ? vscode.l10n.t("{spent} spent, no limit", { spent })
          : vscode.l10n.t("{spent} of {budget} spent", { spent, budget: formatMoney(budgetNanoUsd) }),
      ...icon("credit-card"),
      command: "switchyard.changeDailyBudget",
    },
    {
      label: vscode.l10n.t("Turn off a model…"),
      ...icon("debug-pause"),
      command: "switchyard.switchModelOff",
    },
    ...switchedOff.map((ref) => ({
      label: vscode.l10n.t("Turn on {model}", { model: names(ref) }),
      description: vscode.l10n.t("turned off"),
      ...icon("debug-start"),
      command: "switchyard.switchModelOn",
      argument: ref,
    })),
    ...paused.map((each) => ({
      label: vscode.l10n.t("Resume {model}", { model: names(each.subject) }),
      description: pauseText(each, nowMs),
      ...icon("debug-restart"),
      command: "switchyard.resetBreaker",
      argument: each.subject,
    })),
    ...rejectedKeys.map(({ provider, name }) => ({
      label: vscode.l10n.t("Replace the key for {provider}…", { provider: name }),
      description: vscode.l10n.t("rejected"),
      ...icon("key"),
      command: "switchyard.addProviderKey",
      argument: provider,
    })),
    separator(vscode.l10n.t("open")),
    { label: vscode.l10n.t("Open chat"), ...icon("comment-discussion"), command: "switchyard.openChat" },
    { label: vscode.l10n.t("Edit routes"), ...icon("map"), command: "switchyard.editRoutes" },
    { label: vscode.l10n.t("Open settings"), ...icon("settings-gear"), command: "switchyard.openSettings" },
    separator(vscode.l10n.t("keys")),
    {
      label: vscode.l10n.t("Add a key…"),
      ...icon("key"),
      command: "switchyard.addProviderKey",
      ...(keys.length === 0
        ? {}
        : { description: vscode.l10n.t("{providers} set", { providers: keys.join(", ") }) }),
    },
  ];
}

function pauseText({ why, nextTryAtMs }: Paused, nowMs: number): string {
  if (nextTryAtMs === undefined) return vscode.l10n.t("paused, retries with the next prompt");
  const time = { time: formatWait(nextTryAtMs - nowMs) };
  switch (why) {
    case "failures":
      return vscode.l10n.t("paused, next try in {time}", time);
    case "rate-limit":
      return vscode.l10n.t("rate limit reached, next try in {time}", time);
    case "quota":
      return vscode.l10n.t("credit or quota used up, next try in {time}", time);
  }
}

function icon(id: string): { readonly iconPath: vscode.ThemeIcon } {
  return { iconPath: new vscode.ThemeIcon(id) };
}

function separator(label: string): MenuItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
