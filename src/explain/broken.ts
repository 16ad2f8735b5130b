import * as l10n from "@vscode/l10n";
import type { AnswerSummary, Handoff } from "../contract/answer.ts";
import type { HandoffPoint } from "../contract/conversation.ts";
import type { FailureRecord } from "../contract/failure.ts";
import { failedModel, failedToResume } from "./attempts.ts";
import type { ModelNames } from "./names.ts";

/** The note at the end of an answer that broke and was not completed. */
export function describeBrokenAnswer(
  summary: AnswerSummary,
  failure: FailureRecord,
  names: ModelNames,
): string {
  const model = names(failedModel(summary, failure) ?? "");
  if (failure.kind === "refused")
    return l10n.t("{model} refused to continue. This answer is not complete.", { model });
  return failedToResume(summary)
    ? l10n.t(
        "The connection to {model} broke, and no other model could continue. This answer is not complete.",
        { model },
      )
    : l10n.t("The connection to {model} broke. This answer is not complete.", { model });
}

/** The note at the end of an answer that the user stopped, or that was interrupted because the extension host ended. */
export function describeStoppedAnswer(isInterrupted: boolean): string {
  return isInterrupted
    ? l10n.t("Interrupted when the window was reloaded. This answer is not complete.")
    : l10n.t("Stopped by you. This answer is not complete.");
}

/** The note at the end of an answer that reached its output limit. */
export function describeOutputLimit(limitedBy: "request" | "model" | "budget"): string {
  switch (limitedBy) {
    case "request":
      return l10n.t("Stopped at the output limit in your settings.");
    case "model":
      return l10n.t("Stopped at the model’s output limit.");
    case "budget":
      return l10n.t("Stopped where the rest of the budget was used up.");
  }
}

/** The note inside an answer, where another model continued it. */
export function describeHandoffPoint({ from, to }: HandoffPoint, names: ModelNames): string {
  return l10n.t("The connection to {first} broke here. {second} continued.", {
    first: names(from),
    second: names(to),
  });
}

/** A sentence for each time that an answer broke: which model continued it and how, or that no model did. */
export function handoffSentences(summary: AnswerSummary, names: ModelNames): string[] {
  const handoffs = (summary.handoffs ?? []).map((handoff) => handoffSentence(handoff, names));
  const end = brokenSentence(summary, names);
  return end === undefined ? handoffs : [...handoffs, end];
}

function handoffSentence({ from, to, method }: Handoff, names: ModelNames): string {
  const models = { first: names(from), second: names(to) };
  switch (method) {
    case "prefill":
      return l10n.t(
        "{first} broke off midway; {second} was given its text as a beginning and continued it.",
        models,
      );
    case "anchor":
      return l10n.t(
        "{first} broke off midway; {second} was given its text and continued from the last words.",
        models,
      );
    case "restart":
      return l10n.t("{first} broke off midway; its text was removed, and {second} answered instead.", models);
  }
}

function brokenSentence(summary: AnswerSummary, names: ModelNames): string | undefined {
  const { ending, modelUsed } = summary;
  if (modelUsed === undefined) return undefined;
  const model = names(modelUsed);
  if (ending.kind === "stopped" && failedToResume(summary)) {
    return ending.interrupted === true
      ? l10n.t("{model} broke off midway, and the window was closed before another model continued.", {
          model,
        })
      : l10n.t("{model} broke off midway, and you stopped before another model continued.", { model });
  }
  if (ending.kind !== "failed") return undefined;
  if (ending.failure.kind === "refused") {
    return l10n.t("{model} refused to continue.", {
      model: names(failedModel(summary, ending.failure) ?? modelUsed),
    });
  }
  return failedToResume(summary)
    ? l10n.t("{model} broke off midway, and no other model could continue.", { model })
    : l10n.t("{model} broke off midway.", { model });
}
