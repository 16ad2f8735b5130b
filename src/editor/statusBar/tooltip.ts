import * as vscode from "vscode";
import type { ModelSpend } from "../../contract/budget.ts";
import { formatMoney, formatWait } from "../../explain/format.ts";
import type { ModelNames } from "../../explain/names.ts";
import type { Paused } from "../models/modelHealth.ts";
import { escaped } from "../reports/markdown.ts";
import { namesIn, type StatusState } from "./itemText.ts";

const MOST_MODELS = 5;
const BAR_CHARACTERS = 40;
/** Theme colours that a hover allows, in the order of the models. */
const COLOURS = ["charts-blue", "charts-purple", "charts-green", "charts-yellow", "charts-lines"] as const;
const TRUSTED_COMMANDS = [
  "switchyard.addProviderKey",
  "switchyard.changeDailyBudget",
  "switchyard.openChat",
  "switchyard.resetBreaker",
];

/** Returns the status bar item's tooltip: today's spend by model, what is paused, and links to change it. */
export function tooltip(state: StatusState, nowMs: number): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  text.isTrusted = { enabledCommands: TRUSTED_COMMANDS };
  text.supportHtml = true;
  const change = vscode.l10n.t("Change budget…");
  const chat = vscode.l10n.t("Open chat");
  const names = namesIn(state);
  const blocks = [
    `**${headline(state)}**`,
    ...spendTable(state, names),
    ...state.paused.map((paused) => warning(pauseSentence(paused, nowMs, names), resetLink(paused))),
    ...state.rejectedKeys.map(({ provider, name }) =>
      warning(
        vscode.l10n.t("{provider} rejected the key.", { provider: escaped(name) }),
        link(vscode.l10n.t("Replace the key…"), "switchyard.addProviderKey", provider),
      ),
    ),
    ...(state.spend?.overruns ?? []).map(({ ref, factor }) =>
      warning(
        vscode.l10n.t(
          "{model} exceeded its output limit. {factor} times its usual amount is reserved for it now.",
          { model: escaped(names(ref)), factor: factor.toFixed(1) },
        ),
      ),
    ),
    `[${change}](command:switchyard.changeDailyBudget) · [${chat}](command:switchyard.openChat)`,
  ];
  text.appendMarkdown(blocks.join("\n\n"));
  return text;
}

function headline({ spend, budgetNanoUsd, simulated }: StatusState): string {
  const spentNanoUsd = spend?.spentNanoUsd ?? 0;
  if (simulated && spentNanoUsd === 0) return vscode.l10n.t("The simulator answers, free");
  const spent = formatMoney(spentNanoUsd);
  return budgetNanoUsd === undefined
    ? vscode.l10n.t("{spent} spent today", { spent })
    : vscode.l10n.t("{spent} of {budget} spent today", { spent, budget: formatMoney(budgetNanoUsd) });
}

function spendTable(state: StatusState, names: ModelNames): readonly string[] {
  const models = (state.spend?.byModel ?? []).slice(0, MOST_MODELS);
  if (models.length === 0) return [];
  const rows = models.map((model, index) => {
    const dot = `<span style="color:var(--vscode-${colour(index)});">$(circle-filled)</span>`;
    return `| ${model.nanoUsd > 0 ? dot : ""} ${escaped(names(model.ref))} | ${spendText(model)} |`;
  });
  const bar = spendBar(state);
  return [...(bar === "" ? [] : [bar]), ["| | |", "|:--|--:|", ...rows].join("\n")];
}

/** Returns what a model cost. A model with unknown prices is not free, and its known costs are not the whole. */
function spendText({ nanoUsd, unknownAttempts = 0 }: ModelSpend): string {
  if (unknownAttempts === 0) return nanoUsd === 0 ? vscode.l10n.t("free") : formatMoney(nanoUsd);
  return nanoUsd === 0
    ? vscode.l10n.t("unknown")
    : vscode.l10n.t("{spent} + unknown", { spent: formatMoney(nanoUsd) });
}

/** Returns a bar of coloured spaces: a background colour is the only drawing that hovers allow. */
function spendBar({ spend, budgetNanoUsd }: StatusState): string {
  const whole = Math.max(budgetNanoUsd ?? 0, spend?.spentNanoUsd ?? 0);
  if (whole === 0) return "";
  let used = 0;
  const parts = (spend?.byModel ?? []).slice(0, MOST_MODELS).map(({ nanoUsd }, index) => {
    const width = Math.min(BAR_CHARACTERS - used, Math.round((nanoUsd / whole) * BAR_CHARACTERS));
    used += width;
    return spaces(width, colour(index));
  });
  return parts.join("") + spaces(BAR_CHARACTERS - used, "editorWidget-border");
}

function spaces(width: number, background: string): string {
  return width <= 0
    ? ""
    : `<span style="background-color:var(--vscode-${background});">${"&nbsp;".repeat(width)}</span>`;
}

function colour(index: number): string {
  return COLOURS[index] ?? "charts-lines";
}

function pauseSentence(paused: Paused, nowMs: number, names: ModelNames): string {
  const name = escaped(names(paused.subject));
  const time = paused.nextTryAtMs === undefined ? "" : formatWait(paused.nextTryAtMs - nowMs);
  switch (paused.why) {
    case "failures": {
      const places = { model: name, count: paused.failures, time };
      return paused.nextTryAtMs === undefined
        ? vscode.l10n.t("{model}: paused, retries with the next prompt.", places)
        : vscode.l10n.t("{model}: paused after {count} failures, next try in {time}.", places);
    }
    case "rate-limit":
      return vscode.l10n.t("{model} has reached its rate limit. Next try in {time}.", { model: name, time });
    case "quota":
      return vscode.l10n.t("The credit or quota for {provider} is used up. Next try in {time}.", {
        provider: name,
        time,
      });
  }
}

function resetLink({ subject }: Paused): string {
  return link(vscode.l10n.t("Resume"), "switchyard.resetBreaker", subject);
}

function warning(sentence: string, action = ""): string {
  return `$(warning) ${sentence} ${action}`.trimEnd();
}

function link(label: string, command: string, argument: string): string {
  return `[${label}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}
