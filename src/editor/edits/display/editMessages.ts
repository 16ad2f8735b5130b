/** What the user reads about an edit: while it is written, after it, and where there is none. */
import * as vscode from "vscode";
import type { EditTry } from "../../../assistant/edits/selected/runEdit.ts";
import type { BudgetScope } from "../../../contract/budget.ts";
import type { Attributes } from "../../../contract/decision.ts";
import type { BudgetChoice } from "../../../contract/skipped.ts";
import { describeRoute, shorten } from "../../../explain/decision/routes.ts";
import { formatDuration } from "../../../explain/format.ts";
import { modelName, modelNames } from "../../../explain/names.ts";
import { describeTotalCost, totalsOf } from "../../../explain/totals.ts";
import { describeUnanswered } from "../../../explain/unanswered.ts";
import type { ProviderRegistry } from "../../../providers/registry/providerRegistry.ts";

export type UnansweredDeps = {
  readonly providers: () => Promise<Pick<ProviderRegistry, "all">>;
  /** Lets the user change a budget. Resolves to whether it has changed. */
  readonly changeBudget: (limit: BudgetScope) => Promise<boolean>;
};

const MAX_WORDS = 300;

/** Model · route · cost · time, as below an answer of the chat. */
export function quietLine(tries: readonly EditTry[]): string {
  const last = tries.at(-1);
  if (last === undefined) return "";
  const { decision, summary } = last;
  const summaries = tries.map((each) => each.summary);
  const tookMs = summaries.reduce((sum, each) => sum + each.tookMs, 0);
  const model = summary.modelUsed === undefined ? [] : [modelName(summary.modelUsed)];
  return [
    ...model,
    describeRoute(decision),
    describeTotalCost(totalsOf(summaries)),
    formatDuration(tookMs),
  ].join(" · ");
}

/** Why an answer holds no edit. @param words the answer, without code */
export function noEditMessage(words: string, tries: readonly EditTry[]): string {
  const line = quietLine(tries);
  return words === ""
    ? vscode.l10n.t("The model changed nothing. ({details})", { details: line })
    : vscode.l10n.t("No edit: “{words}” ({details})", { words: shorten(words, MAX_WORDS), details: line });
}

/** Reports which changes of an edit were left out, and why. */
export function reportLeftOut(file: string, conflicts: number, unplaced: number): void {
  const messages = [
    conflicts === 0
      ? undefined
      : conflicts === 1
        ? vscode.l10n.t(
            "{file} has changed meanwhile where the edit changes it. Nothing was overwritten: one of its changes was left out.",
            { file },
          )
        : vscode.l10n.t(
            "{file} has changed meanwhile where the edit changes it. Nothing was overwritten: {count} of its changes were left out.",
            { file, count: conflicts },
          ),
    unplaced === 0
      ? undefined
      : unplaced === 1
        ? vscode.l10n.t("One change has no place in {file} and was left out.", { file })
        : vscode.l10n.t("{count} changes have no place in {file} and were left out.", {
            file,
            count: unplaced,
          }),
  ].filter((message) => message !== undefined);
  if (messages.length > 0) void vscode.window.showWarningMessage(messages.join(" "));
}

/**
 * Reports why there is no edit, in the words of the chat, and offers the budget's choices.
 * @param again asks for the edit again
 */
export async function reportUnanswered(
  tries: readonly EditTry[],
  again: (choice?: Attributes["budgetChoice"]) => Promise<void>,
  deps: UnansweredDeps,
): Promise<void> {
  const last = tries.at(-1);
  if (last === undefined) return;
  const { decision, summary } = last;
  const configured = [...(await (await deps.providers()).all())];
  const names = modelNames(summary.attempts.map(({ ref }) => ref));
  const providers = Object.fromEntries(configured.map(([id, { name }]) => [id, name]));
  const message = describeUnanswered(decision, summary, names, providers);
  if (message === undefined) return;
  const actions = actionsFor(last, again, deps.changeBudget);
  const nothing = vscode.l10n.t("Nothing was changed.");
  const picked = await vscode.window.showWarningMessage(
    `${message} ${nothing}`,
    ...actions.map(({ name }) => name),
  );
  await actions.find(({ name }) => name === picked)?.run();
}

type Action = { readonly name: string; readonly run: () => Promise<void> };

function actionsFor(
  { decision, summary: { ending } }: EditTry,
  again: (choice?: Attributes["budgetChoice"]) => Promise<void>,
  changeBudget: UnansweredDeps["changeBudget"],
): readonly Action[] {
  const retry = { name: vscode.l10n.t("Try Again"), run: () => again() };
  if (ending.kind === "failed") return [retry];
  if (ending.kind !== "not-sent") return [];
  const { reason } = ending;
  const run = (name: string) => async () => void (await vscode.commands.executeCommand(`switchyard.${name}`));
  switch (reason.kind) {
    case "over-budget":
      return reason.choices.map(({ kind }) => budgetAction(kind, reason.limit, again, changeBudget));
    case "no-model-available":
      return decision.skipped.some(({ reason }) => reason === "no-key" || reason === "auth")
        ? [{ name: vscode.l10n.t("Add a Key…"), run: run("addProviderKey") }]
        : [];
    case "invalid-route":
      return [{ name: vscode.l10n.t("Edit Routes…"), run: run("editRoutes") }];
  }
}

function budgetAction(
  kind: BudgetChoice["kind"],
  limit: BudgetScope,
  again: (choice?: Attributes["budgetChoice"]) => Promise<void>,
  changeBudget: UnansweredDeps["changeBudget"],
): Action {
  switch (kind) {
    case "cheapest":
      return { name: vscode.l10n.t("Use the Cheapest Model"), run: () => again("cheapest") };
    case "free":
      return { name: vscode.l10n.t("Use a Free Model"), run: () => again("free") };
    case "raise": {
      const run = async () => {
        if (await changeBudget(limit)) await again();
      };
      return { name: vscode.l10n.t("Raise the Budget…"), run };
    }
  }
}
