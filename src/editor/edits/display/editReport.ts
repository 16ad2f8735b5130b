/** “Why this model?” of an edit, as Markdown: every request that led to it, in the words of the chat. */
import * as vscode from "vscode";
import type { EditTry } from "../../../assistant/edits/selected/runEdit.ts";
import { escalationOf } from "../../../contract/decision.ts";
import type { ModelRef } from "../../../contract/model.ts";
import { describeAttempt, describePurpose } from "../../../explain/attempts.ts";
import { describeCandidate, skippedBesideChain } from "../../../explain/decision/candidates.ts";
import { describeCause } from "../../../explain/decision/escalation.ts";
import { factsOf } from "../../../explain/decision/facts.ts";
import { describeSkipped } from "../../../explain/decision/skipped.ts";
import { whySentences } from "../../../explain/decision/why.ts";
import { formatDuration } from "../../../explain/format.ts";
import { describeAnswerCost, describeExpectedCost } from "../../../explain/money.ts";
import { type ModelNames, modelNames } from "../../../explain/names.ts";
import { describeTotalCost, totalsOf } from "../../../explain/totals.ts";
import { cellText, table } from "../../reports/markdown.ts";

const MAX_CHARACTERS = 1_000;

/** @param tries in their order */
export function editReport(tries: readonly EditTry[]): string {
  const names = modelNames(tries.flatMap(refsOf));
  const summaries = tries.map(({ summary }) => summary);
  const total =
    tries.length < 2
      ? []
      : [vscode.l10n.t("Total: {cost}", { cost: describeTotalCost(totalsOf(summaries)) })];
  return [
    `# ${vscode.l10n.t("Why this model?")}`,
    table(
      ["", vscode.l10n.t("Model"), vscode.l10n.t("Reason"), vscode.l10n.t("Expected"), vscode.l10n.t("Cost")],
      tries.map((each, index) => [
        String(index + 1),
        text(modelOf(each, names)),
        text(reasonOf(each, index)),
        expectedCost(each),
        describeAnswerCost(each.summary),
      ]),
      new Set([3, 4]),
    ),
    ...total,
    ...tries.flatMap((each, index) => section(each, index, names)),
    "",
  ].join("\n\n");
}

/** Why there was this request. */
function reasonOf({ decision }: EditTry, index: number): string {
  const escalation = escalationOf(decision);
  const cause = escalation && describeCause(escalation);
  if (cause !== undefined) return vscode.l10n.t("Escalated: {cause}", { cause });
  return index === 0 ? vscode.l10n.t("First try") : vscode.l10n.t("Asked again");
}

function section(each: EditTry, index: number, names: ModelNames): readonly string[] {
  const { decision, summary } = each;
  const chain = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const candidates = [
    ...chain.map((step) => [step.ref, describeCandidate(step, chain, decision, summary).text] as const),
    ...skippedBesideChain(decision).map(
      (skipped) => [skipped.ref, describeSkipped(skipped, decision.atMs)] as const,
    ),
  ];
  const facts = factsOf(decision, undefined, names).map(({ name, value }) => [name, value] as const);
  const attempts = summary.attempts.map((attempt, at) => {
    const isRetry = summary.attempts[at - 1]?.ref === attempt.ref;
    return [
      attempt.ref,
      [describePurpose(attempt), describeAttempt(attempt, isRetry)].join(" ").trim(),
    ] as const;
  });
  return [
    `## ${index + 1}. ${text(modelOf(each, names))}`,
    text(whySentences(decision, summary, names).join(" ")),
    ...list(vscode.l10n.t("What matched"), facts),
    ...list(vscode.l10n.t("Candidates"), candidates),
    ...list(vscode.l10n.t("Attempts"), attempts),
    vscode.l10n.t("Cost: {cost} · Time: {time}", {
      cost: describeAnswerCost(summary),
      time: formatDuration(summary.tookMs),
    }),
  ];
}

function list(
  title: string,
  entries: readonly (readonly [name: string, value: string])[],
): readonly string[] {
  if (entries.length === 0) return [];
  return [`### ${title}`, entries.map(([name, value]) => `- **${text(name)}:** ${text(value)}`).join("\n")];
}

function modelOf({ summary: { modelUsed, ending } }: EditTry, names: ModelNames): string {
  if (modelUsed !== undefined) return names(modelUsed);
  return ending.kind === "stopped" ? vscode.l10n.t("Stopped") : vscode.l10n.t("No model");
}

function expectedCost({ decision: { outcome, expectedCostRange } }: EditTry): string {
  if (outcome.kind === "blocked") return "–";
  const [{ simulated, expectedNanoUsd }] = outcome.chain;
  return describeExpectedCost(simulated === true ? 0 : expectedNanoUsd, expectedCostRange);
}

function refsOf({ decision: { outcome }, summary }: EditTry): readonly ModelRef[] {
  const chain = outcome.kind === "chosen" ? outcome.chain : [];
  return [...chain, ...summary.attempts].map(({ ref }) => ref);
}

function text(value: string): string {
  return cellText(value, MAX_CHARACTERS);
}
