import * as l10n from "@vscode/l10n";
import type { AnswerState, TurnView } from "../../../contract/view/conversationMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import { failedModel } from "../../../explain/attempts.ts";
import { describeHandoffPoint, describeStoppedAnswer } from "../../../explain/broken.ts";
import { describeFallback, failureTitle } from "../../../explain/failures.ts";
import { formatMoney } from "../../../explain/format.ts";
import { describeCost } from "../../../explain/money.ts";
import { type ModelNames, providerName } from "../../../explain/names.ts";
import { notSentTitle } from "../../../explain/unanswered.ts";
import { describeHeldPrompt } from "../composer/secretText.ts";
import type { Shell, State } from "./reducer.ts";

/** What screen readers announce after a message; undefined for most messages. The text of answers is never announced. */
export function announcementFor(
  before: State,
  after: State,
  message: ToView,
  names: ModelNames,
): string | undefined {
  switch (message.type) {
    case "answer":
    case "synced": {
      const turnId = message.type === "answer" ? message.turnId : before.shell.busyTurnId;
      if (turnId === null) return undefined;
      return announceAnswer(turnOf(before, turnId), turnOf(after, turnId), after.shell, names);
    }
    case "forecast":
      return message.missing === before.shell.missing ? undefined : message.missing;
    case "contextNotice":
      return message.text ?? undefined;
    case "heldPrompt":
      return message.held === null ? undefined : describeHeldPrompt(message.held, names);
    case "budgetWarning":
      return budgetWarningText(after.shell);
    case "queued":
      return after.shell.queued.length > before.shell.queued.length && after.shell.busyTurnId !== null
        ? l10n.t("Prompt queued")
        : undefined;
    case "deleted":
      return l10n.t("“{title}” deleted", { title: message.title });
    default:
      return undefined;
  }
}

/** The text of the budget warning; undefined while there is none. */
export function budgetWarningText({ warningPercent, budget }: Shell): string | undefined {
  if (warningPercent === null || budget?.budgetNanoUsd === undefined) return undefined;
  const { spentNanoUsd, budgetNanoUsd } = budget;
  const amounts = { spent: formatMoney(spentNanoUsd), budget: formatMoney(budgetNanoUsd) };
  return spentNanoUsd >= budgetNanoUsd
    ? l10n.t("Today’s budget is used up: {spent} of {budget}.", amounts)
    : l10n.t("{percent}% of today’s budget is spent: {spent} of {budget}.", {
        ...amounts,
        percent: Math.floor((spentNanoUsd / budgetNanoUsd) * 100),
      });
}

function announceAnswer(
  before: TurnView | undefined,
  after: TurnView | undefined,
  shell: Shell,
  names: ModelNames,
): string | undefined {
  if (after === undefined) return undefined;
  const { summary } = after.answer;
  if (summary === undefined) return announceProgress(before?.answer, after.answer, names);
  if (before?.answer.summary !== undefined) return undefined;
  const { ending } = summary;
  switch (ending.kind) {
    case "complete":
      return l10n.t("Answer finished. {model}, {cost}.", {
        model: names(summary.modelUsed ?? ""),
        cost: describeCost(summary.cost),
      });
    case "stopped":
      return describeStoppedAnswer(ending.interrupted === true);
    case "failed":
      return failureTitle(ending.failure, {
        model: names(failedModel(summary, ending.failure) ?? ""),
        provider: providerName(ending.failure.provider, shell.providerNames),
      });
    case "not-sent":
      return notSentTitle(after.answer.decision, ending.reason);
  }
}

/** Announces that another model continues the answer, or that another model was asked. */
function announceProgress(
  before: AnswerState | undefined,
  { handoffs = [], fallbacks }: AnswerState,
  names: ModelNames,
): string | undefined {
  const newHandoff = handoffs[before?.handoffs?.length ?? 0];
  if (newHandoff !== undefined) return describeHandoffPoint(newHandoff, names);
  const fallback = fallbacks.at(-1);
  const known = before?.fallbacks ?? [];
  const isNew =
    fallbacks.length > known.length ||
    (fallbacks.length === known.length && fallback?.to !== known.at(-1)?.to);
  return isNew && fallback !== undefined ? describeFallback(fallback, false, names) : undefined;
}

function turnOf({ turns }: State, id: string): TurnView | undefined {
  return turns.find(({ turn }) => turn.id === id)?.turn;
}
