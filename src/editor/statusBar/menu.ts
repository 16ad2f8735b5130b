import * as vscode from "vscode";
import { formatMoney } from "../../explain/format.ts";
import { type Paused, type StatusState, shortName, timeUntil } from "./state.ts";

type MenuItem = vscode.QuickPickItem & { readonly command?: string; readonly argument?: string };

/** The menu behind the status bar item. */
export async function showMenu(state: StatusState, keys: readonly string[], nowMs: number): Promise<void> {
  const chosen = await vscode.window.showQuickPick(itemsFor(state, keys, nowMs), {
    placeHolder: vscode.l10n.t("Budget, models and routes"),
  });
  if (chosen?.command === undefined) return;
  await vscode.commands.executeCommand(
    chosen.command,
    ...(chosen.argument === undefined ? [] : [chosen.argument]),
  );
}

function itemsFor(
  { spend, budgetNanoUsd, paused, refused, switchedOff }: StatusState,
  keys: readonly string[],
  nowMs: number,
): readonly MenuItem[] {
  const spent = formatMoney(spend?.spentNanoUsd ?? 0);
  const description =
    budgetNanoUsd === undefined
      ? vscode.l10n.t("{spent} spent, no limit", { spent })
      : vscode.l10n.t("{spent} of {budget} spent", { spent, budget: formatMoney(budgetNanoUsd) });
  return [
    {
      label: vscode.l10n.t("Change daily budget…"),
      description,
      ...icon("credit-card"),
      command: "switchyard.changeDailyBudget",
    },
    {
      label: vscode.l10n.t("Switch a model off…"),
      ...icon("debug-pause"),
      command: "switchyard.switchModelOff",
    },
    ...switchedOff.map((ref) => ({
      label: vscode.l10n.t("Switch {model} on again", { model: shortName(ref) }),
      ...icon("debug-start"),
      command: "switchyard.switchModelOn",
      argument: ref,
    })),
    ...paused.map((one) => ({
      label: vscode.l10n.t("Ask {model} again now", { model: shortName(one.subject) }),
      description: pauseWords(one, nowMs),
      ...icon("debug-restart"),
      command: "switchyard.resetBreaker",
      argument: one.subject,
    })),
    ...refused.map(({ provider, name }) => ({
      label: vscode.l10n.t("Replace the key for {provider}…", { provider: name }),
      description: vscode.l10n.t("not accepted"),
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

function pauseWords({ why, nextTryAtMs }: Paused, nowMs: number): string {
  if (nextTryAtMs === undefined) return vscode.l10n.t("being tried again");
  const time = { time: timeUntil(nextTryAtMs, nowMs) };
  switch (why) {
    case "failures":
      return vscode.l10n.t("paused, next try in {time}", time);
    case "rate-limit":
      return vscode.l10n.t("rate limit reached, next try in {time}", time);
    case "quota":
      return vscode.l10n.t("credit used up, next try in {time}", time);
  }
}

function icon(id: string): { readonly iconPath: vscode.ThemeIcon } {
  return { iconPath: new vscode.ThemeIcon(id) };
}

function separator(label: string): MenuItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
