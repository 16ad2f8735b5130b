import { t } from "@vscode/l10n";
import type { AnswerSummary, Rescue } from "../../contract/view/shown.ts";
import { wasTriedInVain } from "./broken.ts";
import { failedModel } from "./failedModel.ts";
import type { Names } from "./names.ts";

/** What happened where an answer was torn: who went on, and by which means; or that nobody did. */
export function rescueSentences(summary: AnswerSummary, names: Names): string[] {
  const end = brokenSentence(summary, names);
  const sentences = (summary.handoffs ?? []).map((rescue) => rescueSentence(rescue, names));
  return end === undefined ? sentences : [...sentences, end];
}

function brokenSentence(summary: AnswerSummary, names: Names): string | undefined {
  const { ending, modelUsed } = summary;
  if (modelUsed === undefined) return undefined;
  const model = names(modelUsed);
  const inVain = wasTriedInVain(summary);
  if (ending.kind === "stopped" && inVain)
    return t("{model} broke off midway, and you stopped it before another went on.", { model });
  if (ending.kind !== "failed") return undefined;
  if (ending.failure.kind === "refused")
    return t("{model} refused to go on.", {
      model: names(failedModel(summary, ending.failure) ?? modelUsed),
    });
  return inVain
    ? t("{model} broke off midway, and no other model could go on.", { model })
    : t("{model} broke off midway.", { model });
}

function rescueSentence({ from, to: by, method: means }: Rescue, names: Names): string {
  const models = { first: names(from), second: names(by) };
  switch (means) {
    case "prefill":
      return t(
        "{first} broke off midway; {second} was given its text as a beginning and continued it.",
        models,
      );
    case "anchor":
      return t(
        "{first} broke off midway; {second} was shown its text and went on from the last words.",
        models,
      );
    case "restart":
      return t("{first} broke off midway; its text was taken back, and {second} answered anew.", models);
  }
}
