import * as vscode from "vscode";
import type { Decision, PickMethod } from "../../contract/decision.ts";
import type { Complexity } from "../../contract/features.ts";
import { moneyText } from "../../contract/view/format.ts";
import { type BudgetReason, type Reason, reasonsOf } from "../../routing/reasons.ts";
import { shortened } from "../reports/markdown.ts";

const EXAMPLE_CHARACTERS = 40;

/** Why a decision is what it is, on one line: what decided about the route, then what decided about the model. */
export function reasonWords(decision: Decision): string {
  return reasonsOf(decision)
    .filter((reason, _, all) => isTold(reason, all))
    .map(words)
    .join("; ");
}

/** What did not decide is left out: complexity where something else did, routes that were only near, a cold cache. */
function isTold(reason: Reason, all: readonly Reason[]): boolean {
  switch (reason.kind) {
    case "route":
      return reason.match.kind === "explicit";
    case "complexity":
      return !all.some(
        (each) =>
          each.kind === "followUp" ||
          (each.kind === "similarity" && each.applied) ||
          (each.kind === "route" && each.match.kind === "explicit"),
      );
    case "similarity":
      return reason.applied;
    case "affinity":
      return reason.verdict !== "cold";
    case "embedderSkipped":
    case "followUp":
    case "experiment":
    case "pick":
    case "budget":
    case "nobodyEligible":
      return true;
  }
}

function words(reason: Reason): string {
  switch (reason.kind) {
    case "route":
      return vscode.l10n.t("You chose it");
    case "complexity":
      return complexityWords(reason);
    case "similarity":
      return vscode.l10n.t("Like “{example}” ({score}, needs {threshold})", {
        example: shortened(reason.nearest.example, EXAMPLE_CHARACTERS),
        score: reason.score.toFixed(2),
        threshold: reason.threshold.toFixed(2),
      });
    case "embedderSkipped":
      return vscode.l10n.t("{embedder} was passed over", { embedder: reason.embedder });
    case "followUp":
      return vscode.l10n.t("Short follow-up: same as before");
    case "experiment":
      return reason.arm === "treatment"
        ? vscode.l10n.t("Experiment “{name}”: treatment", { name: reason.name })
        : vscode.l10n.t("Experiment “{name}”: control", { name: reason.name });
    case "pick":
      return pickWords(reason.method);
    case "affinity":
      return reason.verdict === "stayed"
        ? vscode.l10n.t("Stays: its cache is warm")
        : vscode.l10n.t("Switches although the cache of {model} is warm", { model: reason.last });
    case "budget":
      return budgetWords(reason);
    case "nobodyEligible":
      return reason.skipped === 1
        ? vscode.l10n.t("The only candidate may not be asked")
        : vscode.l10n.t("None of {count} candidates may be asked", { count: reason.skipped });
  }
}

function complexityWords({ level, reason: because }: Complexity): string {
  if (because.kind === "keyword") {
    const { keyword } = because;
    switch (level) {
      case "high":
        return vscode.l10n.t("High complexity, from the word “{keyword}”", { keyword });
      case "medium":
        return vscode.l10n.t("Medium complexity, from the word “{keyword}”", { keyword });
      case "low":
        return vscode.l10n.t("Low complexity, from the word “{keyword}”", { keyword });
    }
  }
  switch (level) {
    case "high":
      return vscode.l10n.t("High complexity, from its length");
    case "medium":
      return vscode.l10n.t("Medium complexity, from its length");
    case "low":
      return vscode.l10n.t("Low complexity, from its length");
  }
}

function pickWords(method: PickMethod): string {
  switch (method) {
    case "first":
      return vscode.l10n.t("order in the route");
    case "cheapest":
      return vscode.l10n.t("lowest expected cost");
    case "fastest":
      return vscode.l10n.t("shortest expected time");
    case "balanced":
      return vscode.l10n.t("cost and time together");
    case "best-quality":
      return vscode.l10n.t("best quality");
    case "explicit":
      return vscode.l10n.t("your choice");
  }
}

function budgetWords(reason: BudgetReason): string {
  switch (reason.outcome) {
    case "free":
      return vscode.l10n.t("the budget leaves a free model");
    case "cheapest":
      return vscode.l10n.t("the budget leaves the cheapest model");
    case "stopped":
      return vscode.l10n.t("the budget does not carry it: about {cost}, and {left} is left", {
        cost: moneyText(reason.expectedNanoUsd),
        left: moneyText(reason.leftNanoUsd),
      });
  }
}
