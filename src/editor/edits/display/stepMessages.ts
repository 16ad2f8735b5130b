/** What the user reads about the check of an edit, and about what can follow. */
import * as vscode from "vscode";
import type { StepsState } from "../../../assistant/edits/steps/editSteps.ts";
import type { CheckFailures, NextStep } from "../../../assistant/edits/steps/nextStep.ts";
import type { ModelRef } from "../../../contract/model.ts";
import { describeCheck, describeFailure } from "../../../explain/editCheck.ts";
import { upperFirst } from "../../../explain/format.ts";
import { describeLimit, describeOverLimit } from "../../../explain/limits.ts";
import { describeExpectedCost } from "../../../explain/money.ts";
import { modelName } from "../../../explain/names.ts";

/**
 * A line at an edit. `short`: for the status bar. `action`: what it offers, `switchyard.escalateEdit` carries it out. `isFailure`:
 * the check has failed. `isMinor`: only the status bar item has it.
 */
export type StepLine = {
  readonly text: string;
  readonly short?: string | undefined;
  readonly action?: "try" | "raise" | undefined;
  readonly isFailure?: true | undefined;
  readonly isMinor?: true | undefined;
};

/** What is shown while a model writes an edit. @param model undefined until it is chosen */
export function writingNote(model: ModelRef | undefined, failures?: CheckFailures): string {
  const note =
    model === undefined
      ? vscode.l10n.t("Choosing a model… (Escape cancels)")
      : vscode.l10n.t("{model} is writing… (Escape cancels)", { model: modelName(model) });
  return failures === undefined
    ? note
    : vscode.l10n.t("{found}. {note}", { found: describeFailures(failures), note });
}

/** What the check of an edit in a document found, and what can follow. Undefined if there is nothing to report. */
export function stepLine(state: StepsState): StepLine | undefined {
  switch (state.kind) {
    case "none":
      return undefined;
    case "writing":
      return { text: writingNote(state.model, state.failures) };
    case "placed": {
      const { check, next } = state;
      if (check === undefined) return undefined;
      if (check.kind === "unchecked") return { text: describeCheck(check), isMinor: true };
      if (check.kind === "passed") return { text: describeCheck(check) };
      const found = describeCheck(check);
      return { isFailure: true, ...(next === undefined ? { text: found } : nextLine(found, next)) };
    }
  }
}

function nextLine(found: string, next: NextStep): StepLine {
  switch (next.kind) {
    case "stronger": {
      const model = modelName(next.ref);
      const cost = describeExpectedCost(next.expectedNanoUsd, next.expectedCostRange);
      return { text: vscode.l10n.t("{found}. Try {model}, {cost}", { found, model, cost }), action: "try" };
    }
    case "over-budget": {
      const budget = upperFirst(describeLimit(next.limit));
      const places = { found, budget, model: modelName(next.ref) };
      return next.limit === undefined
        ? { text: vscode.l10n.t("{found}. {budget} does not cover {model}", places), short: found }
        : {
            text: vscode.l10n.t("{found}. {budget} does not cover {model}. Raise the Budget…", places),
            short: vscode.l10n.t("{found}. {limit}", { found, limit: describeOverLimit(next.limit) }),
            action: "raise",
          };
    }
    case "no-stronger-model":
      return { text: vscode.l10n.t("{found}. No stronger model can be used", { found }), short: found };
    case "most-steps":
      return {
        text:
          next.maxSteps === 1
            ? vscode.l10n.t("{found}, after a try by a stronger model", { found })
            : vscode.l10n.t("{found}, after {count} tries by stronger models", {
                found,
                count: next.maxSteps,
              }),
        short: found,
      };
  }
}

function describeFailures(failures: CheckFailures): string {
  return failures.map(describeFailure).join(" · ");
}
