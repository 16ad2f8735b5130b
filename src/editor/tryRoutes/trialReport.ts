import { setImmediate as nextEventLoopTurn } from "node:timers/promises";
import * as vscode from "vscode";
import type { Decision, RouteMatch } from "../../contract/decision.ts";
import type { EngineRequest } from "../../engine/request.ts";
import { describeDecisionBriefly } from "../../explain/decision/facts.ts";
import { describeRefusal, routeName } from "../../explain/decision/routes.ts";
import { formatMoney } from "../../explain/format.ts";
import { describeCost } from "../../explain/money.ts";
import type { PreviousAnswer } from "../../routing/decide/world.ts";
import { cellText, codeCell, table } from "../reports/markdown.ts";
import type { Trial } from "./prompts.ts";

const PROMPT_CHARACTERS = 80;
const NAME_CHARACTERS = 40;
const REASON_CHARACTERS = 160;

/** Deciding awaits nothing, so the event loop gets a turn at this interval: the editor stays responsive. */
const SLICE_MS = 12;

/** A trial with the decision of the current settings. */
export type DecidedTrial = Trial & { readonly decision: Decision };

/**
 * Decides one prompt after the other. Aborting the signal stops early and returns what was decided until then.
 * @param onProgress receives the number of prompts decided so far
 */
export async function decideAll(
  trials: readonly Trial[],
  decide: (request: EngineRequest) => Promise<Decision>,
  signal: AbortSignal,
  onProgress: (count: number) => void,
  now: () => number = () => performance.now(),
): Promise<readonly DecidedTrial[]> {
  const decided: DecidedTrial[] = [];
  const answers = new Map<string | undefined, PreviousAnswer | undefined>();
  let sliceStartMs = now();
  for (const trial of trials) {
    if (signal.aborted) break;
    const { conversation, previous } = trial.request;
    const request =
      trial.followsLines === true
        ? { ...trial.request, previous: previous ?? answers.get(conversation) }
        : trial.request;
    const decision = await decide(request);
    decided.push({ ...trial, decision });
    if (trial.followsLines === true)
      answers.set(conversation, answerTo(decision) ?? answers.get(conversation));
    if (now() - sliceStartMs < SLICE_MS) continue;
    onProgress(decided.length);
    await nextEventLoopTurn();
    sliceStartMs = now();
  }
  return decided;
}

/** The answer that a decision would lead to; undefined if nothing would be sent. */
function answerTo(decision: Decision): PreviousAnswer | undefined {
  const { outcome, route, atMs, attributes, expectedInputTokens, expectedOutputTokens } = decision;
  if (outcome.kind === "blocked") return undefined;
  return {
    ref: outcome.chain[0].ref,
    atMs,
    inputTokens: expectedInputTokens,
    outputTokens: expectedOutputTokens,
    route,
    language: attributes.language,
  };
}

export type TrialReport = {
  readonly trials: readonly DecidedTrial[];
  /** Where the prompts come from: a file's name, or saved conversations. Escaped. */
  readonly source: string;
  /** Sentences about what was not tried. */
  readonly notes: readonly string[];
};

/**
 * Returns a Markdown table of where prompts would be sent now. For prompts that were sent before, it shows changes; for
 * those that no route's examples selected, the nearest route and how little was missing.
 */
export function trialReport({ trials, source, notes }: TrialReport): string {
  const hasPast = trials.some(({ was }) => was !== undefined);
  const hasRefusals = trials.some(({ decision }) => describeRefusal(decision) !== undefined);
  const head = [
    vscode.l10n.t("Prompt"),
    vscode.l10n.t("Route"),
    vscode.l10n.t("Model"),
    vscode.l10n.t("Reason"),
    vscode.l10n.t("Expected cost"),
    ...(hasPast ? [vscode.l10n.t("Was → now")] : []),
    ...(hasRefusals ? [vscode.l10n.t("Not similar enough")] : []),
  ];
  const rows = trials.map((trial) => [
    ...cells(trial),
    ...(hasPast ? [changeCell(trial)] : []),
    ...(hasRefusals ? [refusalCell(trial)] : []),
  ]);
  return [
    `# ${vscode.l10n.t("Routes tried")}`,
    [summary(trials.length, source), ...(hasPast ? [changeSummary(trials)] : []), ...notes].join(" "),
    table(head, rows, new Set([4])),
    "",
  ].join("\n\n");
}

function summary(count: number, source: string): string {
  return count === 1
    ? vscode.l10n.t("1 prompt from {source}, decided with the current settings. Nothing was sent.", {
        source,
      })
    : vscode.l10n.t("{count} prompts from {source}, decided with the current settings. Nothing was sent.", {
        count,
        source,
      });
}

function changeSummary(trials: readonly DecidedTrial[]): string {
  const count = trials.filter(({ was, decision }) => was !== undefined && differ(was, decision)).length;
  switch (count) {
    case 0:
      return vscode.l10n.t("All of them would be routed as before.");
    case 1:
      return vscode.l10n.t("1 would be routed differently.");
    default:
      return vscode.l10n.t("{count} would be routed differently.", { count });
  }
}

function cells({ request, decision }: DecidedTrial): readonly string[] {
  return [
    cellText(request.ownWords, PROMPT_CHARACTERS),
    routeCell(decision.route),
    modelCell(decision),
    cellText(describeDecisionBriefly(decision), REASON_CHARACTERS),
    costCell(decision),
  ];
}

function changeCell({ was, decision }: DecidedTrial): string {
  if (was === undefined) return vscode.l10n.t("not known");
  if (modelOf(was) !== modelOf(decision)) return `${modelCell(was)} → ${modelCell(decision)}`;
  if (routeName(was.route) !== routeName(decision.route))
    return `${routeCell(was.route)} → ${routeCell(decision.route)}`;
  return vscode.l10n.t("same");
}

function refusalCell({ decision }: DecidedTrial): string {
  return cellText(describeRefusal(decision) ?? "", REASON_CHARACTERS);
}

function differ(was: Decision, now: Decision): boolean {
  return modelOf(was) !== modelOf(now) || routeName(was.route) !== routeName(now.route);
}

function modelOf({ outcome }: Decision): string | undefined {
  return outcome.kind === "chosen" ? outcome.chain[0].ref : undefined;
}

function modelCell(decision: Decision): string {
  const ref = modelOf(decision);
  return ref === undefined ? vscode.l10n.t("none") : codeCell(ref);
}

function routeCell(route: RouteMatch): string {
  return cellText(routeName(route), NAME_CHARACTERS);
}

function costCell({ outcome }: Decision): string {
  if (outcome.kind !== "chosen") return "–";
  const { expectedNanoUsd, simulated } = outcome.chain[0];
  if (expectedNanoUsd === undefined) return describeCost({ kind: "unknown" });
  return simulated === true && expectedNanoUsd > 0
    ? vscode.l10n.t("free (list price {cost})", { cost: formatMoney(expectedNanoUsd) })
    : describeCost({ kind: "exact", nanoUsd: expectedNanoUsd });
}
