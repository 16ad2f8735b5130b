import type { BudgetScope } from "../../../contract/budget.ts";
import { type CostRange, type EscalationCause, escalationOf } from "../../../contract/decision.ts";
import type { CheckFailure } from "../../../contract/edit/editCheck.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { NanoUsd } from "../../../contract/money.ts";
import type { Engine } from "../../../engine/engine.ts";
import type { Settings } from "../../../settings/schema.ts";
import { type CheckFeedback, checkFeedback } from "../check/checkFeedback.ts";
import { type EditTarget, type EditTask, editRequest, type FailedEdit } from "../selected/editRequest.ts";

/** The failures of a check. */
export type CheckFailures = readonly [CheckFailure, ...(readonly CheckFailure[])];

/** What can follow an edit that failed its check. */
export type NextStep =
  /** A stronger model can try, at this expected cost; undefined if its price is unknown. */
  | {
      readonly kind: "stronger";
      readonly ref: ModelRef;
      readonly expectedNanoUsd: NanoUsd | undefined;
      readonly expectedCostRange: CostRange | undefined;
    }
  /** The stronger model costs more than what is left of a limit. */
  | { readonly kind: "over-budget"; readonly ref: ModelRef; readonly limit: BudgetScope | undefined }
  | { readonly kind: "no-stronger-model" }
  /** The edit went to a stronger model as often as `switchyard.escalation.maxSteps` allows. */
  | { readonly kind: "most-steps"; readonly maxSteps: number };

/** An edit that failed, with the decision that led to it and the number of steps before it. */
export type FailedStep = {
  readonly decisionId: string;
  readonly steps: number;
  readonly edit: FailedEdit;
};

/** What starts the next try after a failed check. */
export const NEXT_TRY_STARTS = {
  offer: "by-user",
  auto: "by-itself",
  off: "never",
} as const satisfies Record<Settings["escalate"], string>;

/** Decides what can follow a failed edit; undefined if `switchyard.escalate` is `off`. No model is called. */
export async function nextStep(
  engine: Pick<Engine, "stronger" | "uncovered" | "forecast">,
  settings: Pick<Settings, "escalate" | "escalation">,
  task: EditTask,
  target: EditTarget,
  failed: FailedStep,
): Promise<NextStep | undefined> {
  if (NEXT_TRY_STARTS[settings.escalate] === "never") return undefined;
  const { maxSteps } = settings.escalation;
  if (failed.steps >= maxSteps) return { kind: "most-steps", maxSteps };
  const escalation = await engine.stronger(failed.decisionId);
  if (escalation === undefined) {
    const uncovered = await engine.uncovered(failed.decisionId);
    return uncovered === undefined ? { kind: "no-stronger-model" } : { kind: "over-budget", ...uncovered };
  }
  // The request is longer than the one before it, so the budget may not cover the model after all.
  const request = editRequest(task, target, { failedEdit: failed.edit, escalation });
  const decision = await engine.forecast(request);
  const { outcome, skipped, expectedCostRange } = decision;
  const { ref } = escalation.to;
  if (outcome.kind === "chosen" && escalationOf(decision) !== undefined) {
    const [{ expectedNanoUsd, simulated }] = outcome.chain;
    return simulated === true
      ? { kind: "stronger", ref, expectedNanoUsd: 0, expectedCostRange: undefined }
      : { kind: "stronger", ref, expectedNanoUsd, expectedCostRange };
  }
  const reason = skipped.find((each) => each.ref === ref);
  return reason?.reason === "over-budget"
    ? { kind: "over-budget", ref, limit: reason.limit }
    : { kind: "no-stronger-model" };
}

/** The reason of the next try: the first of these failures in their order of weight. */
export function causeOf(failures: CheckFailures): EscalationCause {
  const of = <K extends CheckFailure["kind"]>(kind: K) =>
    failures.find((failure): failure is Extract<CheckFailure, { kind: K }> => failure.kind === kind);
  const newErrors = of("new-errors")?.problems.length;
  if (newErrors !== undefined) return { reason: "new-errors", newErrors };
  return of("not-fixed") === undefined ? { reason: "failed-test" } : { reason: "not-fixed" };
}

/**
 * What the next model reads about the failures. Problems of private files are left out, unless the request is private
 * itself: an error elsewhere is no reason to keep the next try on this machine.
 */
export function feedbackFor(failures: CheckFailures, isPrivate: boolean): CheckFeedback {
  if (isPrivate) return checkFeedback(failures);
  let left = 0;
  const readable = failures.flatMap((failure): CheckFailure[] => {
    if (failure.kind === "command-failed") return [failure];
    const [first, ...others] = failure.problems.filter((problem) => !problem.isPrivate);
    left += failure.problems.length - others.length - Number(first !== undefined);
    return first === undefined ? [] : [{ kind: failure.kind, problems: [first, ...others] }];
  });
  const feedback = checkFeedback(readable);
  if (left === 0) return feedback;
  const count = left === 1 ? "1 problem" : `${left} problems`;
  const note = `With the edit, the editor reports ${count} in files that are not shown to you.`;
  return { ...feedback, text: [feedback.text, note].filter((text) => text !== "").join("\n\n") };
}
