import { t } from "@vscode/l10n";
import type { AnswerSummary, Attempt, Decision } from "../../contract/view/shown.ts";
import { failureWords, inSentence } from "./attempts.ts";
import type { Names } from "./names.ts";
import { listed, passedOverWords } from "./passedOver.ts";

/** A sentence names so many; all of them stand in *Why?*. */
const named = 3;

/** What else was tried before giving up, and who could not be asked at all. */
export function triedWords(decision: Decision | undefined, summary: AnswerSummary, names: Names): string[] {
  const last = summary.attempts.at(-1)?.ref;
  const others = summary.attempts.flatMap(({ ref, outcome }) =>
    outcome.kind === "answered" || ref === last
      ? []
      : [t("{model} ({reason})", { model: names(ref), reason: reasonOf(outcome) })],
  );
  const passed = (decision?.skipped ?? []).map((each) =>
    t("{model} ({reason})", {
      model: names(each.ref),
      reason: inSentence(passedOverWords(each, decision?.atMs ?? 0)),
    }),
  );
  const sentences: string[] = [];
  if (others.length > 0)
    sentences.push(t("Asked before it: {models}.", { models: some([...new Set(others)]) }));
  if (passed.length > 0) sentences.push(t("Could not be asked: {models}.", { models: some(passed) }));
  return sentences;
}

function reasonOf(outcome: Exclude<Attempt["outcome"], { kind: "answered" }>): string {
  return outcome.kind === "not-resumed"
    ? t("did not go on with the answer")
    : inSentence(failureWords(outcome.failure));
}

function some(words: readonly string[]): string {
  if (words.length <= named + 1) return listed(words);
  return t("{models} and {count} more", {
    models: listed(words.slice(0, named)),
    count: words.length - named,
  });
}
