import * as vscode from "vscode";
import { moneyText } from "../../contract/view/format.ts";
import { escaped } from "../markdownText.ts";
import { type StatusState, secondsUntil, shortName } from "./state.ts";

const MOST_MODELS = 5;
const BAR_CHARACTERS = 40;
/** Theme colours that a hover lets through, in the order of the models. */
const COLOURS = ["charts-blue", "charts-purple", "charts-green", "charts-yellow", "charts-lines"] as const;

/** What the status bar item says when pointed at: the day's spend by model, what is paused, and the two ways on. */
export function tooltip(state: StatusState, nowMs: number): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  text.isTrusted = {
    enabledCommands: ["switchyard.changeDailyBudget", "switchyard.resetBreaker", "switchyard.openChat"],
  };
  text.supportHtml = true;
  text.appendMarkdown(`**${headline(state)}**\n\n`);
  const models = (state.spend?.byModel ?? []).slice(0, MOST_MODELS);
  if (models.length > 0) {
    const bar = spendBar(state);
    if (bar !== "") text.appendMarkdown(`${bar}\n\n`);
    text.appendMarkdown("| | |\n|:--|--:|\n");
    for (const [index, { name, nanoUsd }] of models.entries()) {
      const dot = `<span style="color:var(--vscode-${COLOURS[index] ?? "charts-lines"});">$(circle-filled)</span>`;
      text.appendMarkdown(
        `| ${nanoUsd > 0 ? dot : ""} ${escaped(shortName(name))} | ${nanoUsd === 0 ? vscode.l10n.t("free") : moneyText(nanoUsd)} |\n`,
      );
    }
    text.appendMarkdown("\n");
  }
  for (const { subject, failures, nextTryAtMs } of state.paused) {
    const model = escaped(shortName(subject));
    const words =
      nextTryAtMs === undefined
        ? vscode.l10n.t("{model} was paused after {count} failures. It is being tried again.", {
            model,
            count: failures,
          })
        : vscode.l10n.t("{model} is paused after {count} failures. Next try in {seconds}\u00a0s.", {
            model,
            count: failures,
            seconds: secondsUntil(nextTryAtMs, nowMs),
          });
    const reset = `command:switchyard.resetBreaker?${encodeURIComponent(JSON.stringify([subject]))}`;
    text.appendMarkdown(`$(warning) ${words} [${vscode.l10n.t("Reset")}](${reset})\n\n`);
  }
  const change = vscode.l10n.t("Change budget…");
  const chat = vscode.l10n.t("Open chat");
  text.appendMarkdown(
    `[${change}](command:switchyard.changeDailyBudget) · [${chat}](command:switchyard.openChat)`,
  );
  return text;
}

function headline({ spend, budgetNanoUsd, simulated }: StatusState): string {
  const spent = moneyText(spend?.spentNanoUsd ?? 0);
  if (simulated && (spend?.spentNanoUsd ?? 0) === 0) return vscode.l10n.t("The simulator answers, free");
  return budgetNanoUsd === undefined
    ? vscode.l10n.t("{spent} spent today", { spent })
    : vscode.l10n.t("{spent} of {budget} spent today", { spent, budget: moneyText(budgetNanoUsd) });
}

/** A bar of coloured blanks, the one drawing that hovers let through. */
function spendBar({ spend, budgetNanoUsd }: StatusState): string {
  const whole = Math.max(budgetNanoUsd ?? 0, spend?.spentNanoUsd ?? 0);
  if (whole === 0) return "";
  let used = 0;
  const parts = (spend?.byModel ?? []).slice(0, MOST_MODELS).map(({ nanoUsd }, index) => {
    const width = Math.min(BAR_CHARACTERS - used, Math.round((nanoUsd / whole) * BAR_CHARACTERS));
    used += width;
    return blanks(width, COLOURS[index] ?? "charts-lines");
  });
  return parts.join("") + blanks(BAR_CHARACTERS - used, "editorWidget-border");
}

function blanks(width: number, colour: string): string {
  return width <= 0
    ? ""
    : `<span style="background-color:var(--vscode-${colour});">${"&nbsp;".repeat(width)}</span>`;
}
