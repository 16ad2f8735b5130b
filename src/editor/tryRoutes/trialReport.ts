import * as vscode from "vscode";
import type { Decision, RouteMatch } from "../../contract/decision.ts";
import { describeDecisionBriefly } from "../../explain/facts.ts";
import { formatMoney } from "../../explain/format.ts";
import { describeCost } from "../../explain/money.ts";
import { routeName } from "../../explain/routes.ts";
import { code, prose, table } from "../reports/markdown.ts";
import type { Tried } from "./trial.ts";

const PROMPT_CHARACTERS = 80;
const NAME_CHARACTERS = 40;
const REASON_CHARACTERS = 160;

export type TrialReport = {
  readonly tried: readonly Tried[];
  /** Where the prompts are from: a file's name, or kept conversations. */
  readonly source: string;
  /** What was not tried, in sentences. */
  readonly notes: readonly string[];
};

/** Where prompts would go now, as a Markdown table; of those that were asked before, also what would change. */
export function trialReport({ tried, source, notes }: TrialReport): string {
  const isKept = tried.some(({ was }) => was !== undefined);
  const head = [
    vscode.l10n.t("Prompt"),
    vscode.l10n.t("Route"),
    vscode.l10n.t("Model"),
    vscode.l10n.t("Reason"),
    vscode.l10n.t("Expected cost"),
    ...(isKept ? [vscode.l10n.t("Was → now")] : []),
  ];
  const rows = tried.map((each) => [...cells(each), ...(isKept ? [changeCell(each)] : [])]);
  return [
    `# ${vscode.l10n.t("Routes tried")}`,
    [summary(tried.length, source), ...(isKept ? [changeSummary(tried)] : []), ...notes].join(" "),
    table(head, rows, new Set([4])),
    "",
  ].join("\n\n");
}

function summary(count: number, source: string): string {
  return count === 1
    ? vscode.l10n.t("1 prompt of {source}, decided with the settings as they are now. Nothing was asked.", {
        source,
      })
    : vscode.l10n.t(
        "{count} prompts of {source}, decided with the settings as they are now. Nothing was asked.",
        { count, source },
      );
}

function changeSummary(tried: readonly Tried[]): string {
  const count = tried.filter(({ was, decision }) => was !== undefined && differ(was, decision)).length;
  switch (count) {
    case 0:
      return vscode.l10n.t("All of them would go where they went.");
    case 1:
      return vscode.l10n.t("One would go elsewhere than it went.");
    default:
      return vscode.l10n.t("{count} would go elsewhere than they went.", { count });
  }
}

function cells({ request, decision }: Tried): readonly string[] {
  return [
    prose(request.ownWords, PROMPT_CHARACTERS),
    routeCell(decision.route),
    modelCell(decision),
    prose(describeDecisionBriefly(decision), REASON_CHARACTERS),
    costCell(decision),
  ];
}

function changeCell({ was, decision }: Tried): string {
  if (was === undefined) return vscode.l10n.t("not known");
  if (modelOf(was) !== modelOf(decision)) return `${modelCell(was)} → ${modelCell(decision)}`;
  if (routeName(was.route) !== routeName(decision.route))
    return `${routeCell(was.route)} → ${routeCell(decision.route)}`;
  return vscode.l10n.t("same");
}

function differ(was: Decision, now: Decision): boolean {
  return modelOf(was) !== modelOf(now) || routeName(was.route) !== routeName(now.route);
}

function modelOf({ outcome }: Decision): string | undefined {
  return outcome.kind === "chosen" ? outcome.chain[0].ref : undefined;
}

function modelCell(decision: Decision): string {
  const ref = modelOf(decision);
  return ref === undefined ? vscode.l10n.t("none") : code(ref);
}

function routeCell(route: RouteMatch): string {
  return prose(routeName(route), NAME_CHARACTERS);
}

function costCell({ outcome }: Decision): string {
  if (outcome.kind !== "chosen") return "–";
  const { expectedNanoUsd, simulated } = outcome.chain[0];
  if (expectedNanoUsd === undefined || expectedNanoUsd === 0 || simulated !== true) {
    return describeCost(
      expectedNanoUsd === undefined ? { kind: "unknown" } : { kind: "exact", nanoUsd: expectedNanoUsd },
    );
  }
  return vscode.l10n.t("free (list price {cost})", { cost: formatMoney(expectedNanoUsd) });
}
