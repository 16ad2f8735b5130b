import * as l10n from "@vscode/l10n";
import { type Decision, type EscalationCause, escalationOf } from "../../contract/decision.ts";
import type { ModelNames } from "../names.ts";

/** What showed that an edit was not good enough, where a line has room for little; undefined for answers of the chat. */
export function describeCause({ reason, newErrors }: EscalationCause): string | undefined {
  switch (reason) {
    case "new-errors":
      if (newErrors === undefined) return l10n.t("New errors");
      return newErrors === 1 ? l10n.t("1 new error") : l10n.t("{count} new errors", { count: newErrors });
    case "not-fixed":
      return l10n.t("Not fixed");
    case "failed-test":
      return l10n.t("The verify command failed");
    case "undone-edit":
      return l10n.t("The edit was undone");
    case "discarded-edit":
      return l10n.t("The edit was discarded");
    case "regenerate":
    case "stronger":
      return undefined;
  }
}

/** That the prompt was sent again, to a stronger model, and why. */
export function escalationSentences(decision: Decision, names: ModelNames): readonly string[] {
  const escalation = escalationOf(decision);
  if (escalation === undefined) return [];
  const from = names(escalation.from);
  switch (escalation.reason) {
    case "regenerate":
      return [
        l10n.t("You asked for another answer than that of {from}, so a stronger model was asked.", { from }),
      ];
    case "stronger":
      return [l10n.t("You asked for a stronger model than {from}.", { from })];
    case "undone-edit":
      return [l10n.t("The edit by {from} was undone, so a stronger model was asked.", { from })];
    case "discarded-edit":
      return [l10n.t("The edit by {from} was discarded, so a stronger model was asked.", { from })];
    case "new-errors": {
      const { newErrors: count } = escalation;
      if (count === undefined)
        return [l10n.t("The edit by {from} led to new errors, so a stronger model was asked.", { from })];
      return [
        count === 1
          ? l10n.t("The edit by {from} led to 1 new error, so a stronger model was asked.", { from })
          : l10n.t("The edit by {from} led to {count} new errors, so a stronger model was asked.", {
              from,
              count,
            }),
      ];
    }
    case "not-fixed":
      return [l10n.t("The edit by {from} did not fix the problem, so a stronger model was asked.", { from })];
    case "failed-test":
      return [
        l10n.t("The verify command failed with the edit by {from}, so a stronger model was asked.", { from }),
      ];
  }
}
