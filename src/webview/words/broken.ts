import { t } from "@vscode/l10n";
import type { AnswerSummary, FailureRecord } from "../../contract/view/shown.ts";
import { failedModel } from "./failedModel.ts";
import type { Names } from "./names.ts";

/** What stands behind an answer that broke off and that nobody made whole. */
export function brokenWords(summary: AnswerSummary, failure: FailureRecord, names: Names): string {
  const model = names(failedModel(summary, failure) ?? "");
  if (failure.kind === "refused")
    return t("{model} refused to go on. This answer is not complete.", { model });
  return wasTriedInVain(summary)
    ? t("The connection to {model} broke, and no other model could go on. This answer is not complete.", {
        model,
      })
    : t("The connection to {model} broke. This answer is not complete.", { model });
}

/** Others were asked to go on with what is shown after it broke, and did not. */
export function wasTriedInVain({ attempts, modelUsed }: AnswerSummary): boolean {
  const broke = attempts.findLastIndex(({ ref }) => ref === modelUsed);
  return attempts.slice(broke + 1).some(({ resumeMethod: continues }) => continues !== undefined);
}
