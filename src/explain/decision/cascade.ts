import * as l10n from "@vscode/l10n";
import type { Decision } from "../../contract/decision.ts";
import type { Cascade } from "../../contract/edit/cascade.ts";

/** The order of a cascade, where a line has room for little. */
export function describeCascadeOrder({ first }: Cascade): string {
  switch (first) {
    case "cheapest":
      return l10n.t("Cheapest first");
    case "strongest":
      return l10n.t("Strongest first");
  }
}

/** Why a cascade begins with a cheap model or with the strongest one, as a sentence; undefined for other decisions. */
export function describeCascade({ cascade, outcome }: Decision): string | undefined {
  if (cascade === undefined || outcome.kind === "blocked" || outcome.byBudget !== undefined) return undefined;
  const { first, because } = cascade;
  switch (because.kind) {
    case "no-check":
      return l10n.t("Strongest first: only edits of selected code are checked.");
    case "no-escalation":
      return l10n.t(
        "Strongest first: “switchyard.escalate” is off, so no other model tries after a failed check.",
      );
    case "unknown":
      return l10n.t(
        "Strongest first: how often the check is right is not known yet ({wrong} of {least} discarded or undone edits).",
        { wrong: because.wrong, least: because.least },
      );
    case "command":
      return first === "cheapest"
        ? l10n.t(
            "Cheapest first: your command checks edits. How often it is right is not known yet ({wrong} of {least} discarded or undone edits).",
            { wrong: because.wrong, least: because.least },
          )
        : neverPays();
    case "measured": {
      const { wrong, rejectedWrong: rejected, needed } = because;
      if (needed === undefined) return neverPays();
      const figures = {
        wrong,
        rejected,
        low: percentOf(because.low),
        high: percentOf(because.high),
        needed: percentOf(needed),
      };
      return first === "cheapest"
        ? l10n.t(
            "Cheapest first: the check rejected {rejected} of {wrong} edits that were discarded or undone (95% interval {low} to {high}%), and this route needs {needed}%.",
            figures,
          )
        : l10n.t(
            "Strongest first: the check rejected only {rejected} of {wrong} edits that were discarded or undone (95% interval {low} to {high}%), and this route needs {needed}%.",
            figures,
          );
    }
  }
}

function neverPays(): string {
  return l10n.t(
    "Strongest first: by the prices and qualities of this route, beginning with a cheaper model does not pay.",
  );
}

function percentOf(share: number): number {
  return Math.round(100 * share);
}
