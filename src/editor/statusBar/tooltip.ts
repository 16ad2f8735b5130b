import * as vscode from "vscode";
import type { ModelSpend } from "../../contract/budget.ts";
import { formatMoney } from "../../explain/format.ts";
import { escaped } from "../reports/markdown.ts";
import { type Paused, type StatusState, shortName, timeUntil } from "./state.ts";

const MOST_MODELS = 5;
const BAR_CHARACTERS = 40;
/** Theme colours that a hover lets through, in the order of the models. */
const COLOURS = ["charts-blue", "charts-purple", "charts-green", "charts-yellow", "charts-lines"] as const;

/** What the status bar item says when pointed at: the day's spend by model, what is paused, and the two ways on. */
export function tooltip(state: StatusState, nowMs: number): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  text.isTrusted = {
    enabledCommands: [
      "switchyard.addProviderKey",
      "switchyard.changeDailyBudget",
      "switchyard.openChat",
      "switchyard.resetBreaker",
    ],
  };
  text.supportHtml = true;
  text.appendMarkdown(`**${headline(state)}**\n\n`);
  const models = (state.spend?.byModel ?? []).slice(0, MOST_MODELS);
  if (models.length > 0) {
    const bar = spendBar(state);
    if (bar !== "") text.appendMarkdown(`${bar}\n\n`);
    text.appendMarkdown("| | |\n|:--|--:|\n");
    for (const [index, model] of models.entries()) {
      const { ref, nanoUsd } = model;
      const dot = `<span style="color:var(--vscode-${COLOURS[index] ?? "charts-lines"});">$(circle-filled)</span>`;
      text.appendMarkdown(`| ${nanoUsd > 0 ? dot : ""} ${escaped(shortName(ref))} | ${spendText(model)} |\n`);
    }
    text.appendMarkdown("\n");
  }
  for (const paused of state.paused) {
    const reset = link(vscode.l10n.t("Reset"), "switchyard.resetBreaker", paused.subject);
    text.appendMarkdown(`$(warning) ${pauseSentence(paused, nowMs)} ${reset}\n\n`);
  }
  for (const { provider, name } of state.refused) {
    const words = vscode.l10n.t("{provider} did not accept the key.", { provider: escaped(name) });
    const replace = link(vscode.l10n.t("Replace the key…"), "switchyard.addProviderKey", provider);
    text.appendMarkdown(`$(warning) ${words} ${replace}\n\n`);
  }
  for (const { ref, factor } of state.spend?.overruns ?? []) {
    const places = { model: escaped(shortName(ref)), factor: factor.toFixed(1) };
    const words = vscode.l10n.t(
      "{model} took more than the limit that it was sent. {factor} times as much is held for it now.",
      places,
    );
    text.appendMarkdown(`$(warning) ${words}\n\n`);
  }
  const change = vscode.l10n.t("Change budget…");
  const chat = vscode.l10n.t("Open chat");
  text.appendMarkdown(
    `[${change}](command:switchyard.changeDailyBudget) · [${chat}](command:switchyard.openChat)`,
  );
  return text;
}

function link(words: string, command: string, argument: string): string {
  return `[${words}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}

function pauseSentence(paused: Paused, nowMs: number): string {
  const model = escaped(shortName(paused.subject));
  const time = paused.nextTryAtMs === undefined ? "" : timeUntil(paused.nextTryAtMs, nowMs);
  switch (paused.why) {
    case "failures": {
      const places = { model, count: paused.failures, time };
      return paused.nextTryAtMs === undefined
        ? vscode.l10n.t("{model} was paused after {count} failures. It is being tried again.", places)
        : vscode.l10n.t("{model} is paused after {count} failures. Next try in {time}.", places);
    }
    case "rate-limit":
      return vscode.l10n.t("{model} has reached its rate limit. Next try in {time}.", { model, time });
    case "quota":
      return vscode.l10n.t("The credit for {provider} is used up. Next try in {time}.", {
        provider: model,
        time,
      });
  }
}

/** What a model cost: unknown is not free, and is not hidden behind what is known. */
function spendText({ nanoUsd, unknownAttempts = 0 }: ModelSpend): string {
  if (unknownAttempts === 0) return nanoUsd === 0 ? vscode.l10n.t("free") : formatMoney(nanoUsd);
  return nanoUsd === 0
    ? vscode.l10n.t("unknown")
    : vscode.l10n.t("{spent} + unknown", { spent: formatMoney(nanoUsd) });
}

function headline({ spend, budgetNanoUsd, simulated }: StatusState): string {
  const spent = formatMoney(spend?.spentNanoUsd ?? 0);
  if (simulated && (spend?.spentNanoUsd ?? 0) === 0) return vscode.l10n.t("The simulator answers, free");
  return budgetNanoUsd === undefined
    ? vscode.l10n.t("{spent} spent today", { spent })
    : vscode.l10n.t("{spent} of {budget} spent today", { spent, budget: formatMoney(budgetNanoUsd) });
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
