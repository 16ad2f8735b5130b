import type { AnswerSummary, Attempt, FailureRecord, ModelRef } from "../../contract/view/shown.ts";

/** Whose failure an answer ended with: of those who could have failed so, whoever wrote what is shown, else the last. */
export function failedModel(
  { attempts, modelUsed }: AnswerSummary,
  failure: FailureRecord,
): ModelRef | undefined {
  const own = attempts.filter((attempt) => failedSo(attempt, failure)).map(({ ref }) => ref);
  const isWriter = modelUsed !== undefined && (own.length === 0 || own.includes(modelUsed));
  return isWriter ? modelUsed : (own.at(-1) ?? attempts.at(-1)?.ref);
}

function failedSo({ outcome }: Attempt, { kind, provider, message: words }: FailureRecord): boolean {
  if (outcome.kind !== "failed") return false;
  const { failure } = outcome;
  return failure.kind === kind && failure.provider === provider && failure.message === words;
}
