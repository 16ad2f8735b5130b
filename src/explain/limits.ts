/** The words for the limits of the budget. Models and providers are named as in the settings. */
import * as l10n from "@vscode/l10n";
import type { BudgetScope } from "../contract/budget.ts";

/** The title of a prompt that a limit blocks. */
export function overLimitTitle(limit: BudgetScope): string {
  switch (limit.kind) {
    case "day":
      return l10n.t("Not enough budget left today");
    case "month":
      return l10n.t("Not enough budget left this month");
    case "conversation":
      return l10n.t("Not enough budget left for this conversation");
    case "model":
      return l10n.t("Not enough budget left today for {name}", { name: limit.ref });
    case "provider":
      return l10n.t("Not enough budget left today for {name}", { name: limit.id });
  }
}

/** The same in the space of a quiet line. */
export function describeOverLimit(limit: BudgetScope): string {
  switch (limit.kind) {
    case "day":
      return l10n.t("Over today’s budget");
    case "month":
      return l10n.t("Over this month’s budget");
    case "conversation":
      return l10n.t("Over this conversation’s budget");
    case "model":
      return l10n.t("Over today’s budget for {name}", { name: limit.ref });
    case "provider":
      return l10n.t("Over today’s budget for {name}", { name: limit.id });
  }
}

/** A limit for the middle of a sentence. @param limit undefined: unknown */
export function describeLimit(limit: BudgetScope | undefined): string {
  switch (limit?.kind) {
    case "day":
      return l10n.t("today’s budget");
    case "month":
      return l10n.t("this month’s budget");
    case "conversation":
      return l10n.t("this conversation’s budget");
    case "model":
      return l10n.t("today’s budget for {name}", { name: limit.ref });
    case "provider":
      return l10n.t("today’s budget for {name}", { name: limit.id });
    case undefined:
      return l10n.t("the budget");
  }
}

/** How much of a limit is left, and until when, as a sentence. Amounts as text: `$0.021`. */
export function describeLeft(
  limit: BudgetScope,
  amounts: { readonly left: string; readonly budget: string },
): string {
  switch (limit.kind) {
    case "day":
      return l10n.t("{left} of {budget} is left until midnight.", amounts);
    case "month":
      return l10n.t("{left} of {budget} is left until the end of the month.", amounts);
    case "conversation":
      return l10n.t("{left} of {budget} is left for this conversation.", amounts);
    case "model":
      return l10n.t("{left} of {budget} is left for {name} until midnight.", { ...amounts, name: limit.ref });
    case "provider":
      return l10n.t("{left} of {budget} is left for {name} until midnight.", { ...amounts, name: limit.id });
  }
}
