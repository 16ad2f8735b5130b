import * as l10n from "@vscode/l10n";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import type { AnswerSummary, FailureRecord } from "../../../contract/view/types.ts";
import { describeOtherModels, describeOtherRejections, failedModel } from "../../../explain/attempts.ts";
import { failureAdvice, failureTitle, quoteFailure } from "../../../explain/failures.ts";
import { providerName } from "../../../explain/names.ts";
import { type Action, ActionButtons } from "../../ui/buttons.tsx";
import { MessageBox } from "../../ui/messages.tsx";
import { backToAuto } from "../details/ModelLock.tsx";
import { type Store, useStore } from "../state/store.ts";
import { earlierTurnsActions } from "./EarlierTurns.tsx";

type ErrorBoxProps = {
  readonly turn: TurnView;
  readonly summary: AnswerSummary;
  readonly failure: FailureRecord;
  readonly isLast: boolean;
};

/** Shown when no model answered: what happened, the provider's message, what else was tried, and what to do. */
export function ErrorBox({ turn, summary, failure, isLast }: ErrorBoxProps) {
  const store = useStore();
  const names = store.names.value;
  const ref = failedModel(summary, failure);
  const provider = providerName(failure.provider, store.shell.value.providerNames);
  const failed = { model: ref === undefined ? provider : names(ref), provider };
  const advice = failureAdvice(failure);
  return (
    <MessageBox kind="error" name={l10n.t("Error")} title={failureTitle(failure, failed)}>
      {failure.message !== "" && <p class="sy-quote">{quoteFailure(failure)}</p>}
      {describeOtherRejections(summary, failure, names).map((quote) => (
        <p class="sy-quote" key={quote}>
          {quote}
        </p>
      ))}
      {describeOtherModels(turn.answer.decision, summary, names).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {advice !== undefined && <p>{advice}</p>}
      {isLast && (
        <ActionButtons actions={[...actionsFor(failure, turn.id, store), ...backToAuto(turn.id, store)]} />
      )}
    </MessageBox>
  );
}

/** The actions for a failure, the main one first. “Try again” is offered only where it can help. */
function actionsFor({ kind, provider }: FailureRecord, turnId: string, store: Store): Action[] {
  const retry = { name: l10n.t("Try again"), run: () => store.post({ type: "retry", turnId }) };
  const replaceKey = {
    name: l10n.t("Replace the key…"),
    run: () => store.post({ type: "replaceKey", provider }),
  };
  const another = {
    name: l10n.t("Try another model…"),
    run: () => store.post({ type: "regenerateWith", turnId }),
  };
  const settings = {
    name: l10n.t("Open settings…"),
    run: () => store.post({ type: "command", command: "openSettings" }),
  };
  switch (kind) {
    case "auth":
    case "forbidden":
      return [replaceKey, retry];
    case "not-found":
    case "bad-request":
      return [settings, retry];
    case "unreachable":
    case "certificate":
    case "malformed":
      return [retry, settings];
    case "context-length":
    case "too-large":
      return earlierTurnsActions(turnId, store);
    case "capability":
    case "refused":
      return [another];
    case "rate-limited":
    case "overloaded":
    case "timeout":
    case "cut":
    case "empty":
    case "quota":
      return [retry, another];
    case "cancelled":
      return [retry];
  }
}
