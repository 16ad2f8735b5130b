import { t } from "@vscode/l10n";
import type { AnswerState, ToView, TurnView } from "../../contract/view/protocol.ts";
import { failedModel } from "../../explain/attempts.ts";
import { describeHandoffPoint } from "../../explain/broken.ts";
import { describeFallback, failureTitle } from "../../explain/failures.ts";
import { formatMoney } from "../../explain/format.ts";
import { describeCost, overBudgetTitle } from "../../explain/money.ts";
import { type ModelNames, providerName } from "../../explain/names.ts";
import type { Shell, State } from "./state.ts";

/** What a screen reader is told of a change, where it is worth a word; never the text as it comes. */
export function announcement(
  before: State,
  after: State,
  message: ToView,
  names: ModelNames,
): string | undefined {
  switch (message.type) {
    case "answer":
      return answerWords(turnOf(before, message.turnId), turnOf(after, message.turnId), after.shell, names);
    case "budgetWarning":
      return warningWords(after.shell);
    case "deleted":
      return t("“{title}” deleted", { title: message.title });
    default:
      return undefined;
  }
}

/** The budget strip's sentence. */
export function warningWords({ warningPercent, budget }: Shell): string | undefined {
  if (warningPercent === null || budget?.budgetNanoUsd === undefined) return undefined;
  return t("{percent}% of today’s budget is spent: {spent} of {budget}.", {
    percent: warningPercent,
    spent: formatMoney(budget.spentNanoUsd),
    budget: formatMoney(budget.budgetNanoUsd),
  });
}

function answerWords(
  before: TurnView | undefined,
  after: TurnView | undefined,
  shell: Shell,
  names: ModelNames,
): string | undefined {
  if (after === undefined) return undefined;
  const { summary } = after.answer;
  if (summary === undefined) return underwayWords(before?.answer, after.answer, names);
  if (before?.answer.summary !== undefined) return undefined;
  const { ending } = summary;
  switch (ending.kind) {
    case "complete":
      return t("Answer finished. {model}, {cost}.", {
        model: names(summary.modelUsed ?? ""),
        cost: describeCost(summary.cost),
      });
    case "stopped":
      return t("Stopped by you. This answer is not complete.");
    case "failed":
      return failureTitle(ending.failure, {
        model: names(failedModel(summary, ending.failure) ?? ""),
        provider: providerName(ending.failure.provider, shell.providerNames),
      });
    case "not-sent":
      return ending.reason.kind === "over-budget"
        ? overBudgetTitle(ending.reason)
        : t("No model can answer this now");
  }
}

/** Another model goes on with it, or is asked instead. */
function underwayWords(
  before: AnswerState | undefined,
  { handoffs: seams = [], fallbacks }: AnswerState,
  names: ModelNames,
): string | undefined {
  const seam = seams[before?.handoffs?.length ?? 0];
  if (seam !== undefined) return describeHandoffPoint(seam, names);
  const fallback = fallbacks.at(-1);
  const [known, knownLast] = [before?.fallbacks ?? [], before?.fallbacks.at(-1)];
  const isNew =
    fallbacks.length > known.length || (fallbacks.length === known.length && fallback?.to !== knownLast?.to);
  return isNew && fallback !== undefined ? describeFallback(fallback, false, names) : undefined;
}

function turnOf({ turns }: State, id: string): TurnView | undefined {
  return turns.find(({ turn }) => turn.id === id)?.turn;
}
