import { t } from "@vscode/l10n";
import type { TurnView } from "../../contract/view/protocol.ts";
import type { AnswerSummary, FailureRecord } from "../../contract/view/shown.ts";
import { describeOtherModels, failedModel } from "../../explain/attempts.ts";
import { failureAdvice, failureTitle, quoteFailure } from "../../explain/failures.ts";
import { providerName } from "../../explain/names.ts";
import { type Action, Actions } from "./Actions.tsx";
import { Box } from "./Box.tsx";
import { useStore } from "./services.ts";
import type { Store } from "./store.ts";

type ErrorBoxProps = {
  readonly turn: TurnView;
  readonly summary: AnswerSummary;
  readonly failure: FailureRecord;
  readonly isLast: boolean;
};

/** Nobody answered: what happened, in the provider's own words, what else was tried, and what to do. */
export function ErrorBox({ turn, summary, failure, isLast }: ErrorBoxProps) {
  const store = useStore();
  const names = store.names.value;
  const ref = failedModel(summary, failure);
  const provider = providerName(failure.provider, store.shell.value.providerNames);
  const failed = { model: ref === undefined ? provider : names(ref), provider };
  const advice = failureAdvice(failure);
  return (
    <Box kind="error" name={t("Error")} title={failureTitle(failure, failed)}>
      {failure.message !== "" && <p class="sy-said">{quoteFailure(failure)}</p>}
      {describeOtherModels(turn.answer.decision, summary, names).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {advice !== undefined && <p>{advice}</p>}
      {isLast && <Actions actions={waysOut(failure, turn.id, store)} />}
    </Box>
  );
}

/** The main way out first. What asking again cannot mend is not offered to be asked again. */
function waysOut({ kind, provider }: FailureRecord, turnId: string, store: Store): Action[] {
  const retry = { name: t("Try again"), run: () => store.post({ type: "retry", turnId }) };
  const replaceKey = { name: t("Replace the key…"), run: () => store.post({ type: "replaceKey", provider }) };
  const settings = {
    name: t("Open settings…"),
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
    case "malformed":
      return [retry, settings];
    case "context-length":
    case "refused":
      return [];
    default:
      return [retry];
  }
}
