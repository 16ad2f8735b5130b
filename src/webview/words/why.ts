import { t } from "@vscode/l10n";
import type { AnswerSummary, ChainStep, ComplexityLevel, Decision } from "../../contract/view/shown.ts";
import { overBudgetSentence } from "./budget.ts";
import type { Names } from "./names.ts";
import { rescueSentences } from "./rescue.ts";
import { stepsPassed } from "./steps.ts";

/** The reason in sentences: what sent the prompt here, and what happened on the way. */
export function whySentences(decision: Decision, summary: AnswerSummary, names: Names): string[] {
  const { outcome } = decision;
  const sentences = [routeSentence(decision, summary, names)];
  if (outcome.kind === "blocked") {
    return [
      ...sentences,
      outcome.reason.kind === "over-budget"
        ? overBudgetSentence(outcome.reason)
        : t("None of the candidates could be asked."),
    ];
  }
  if (outcome.byBudget === "free") {
    sentences.push(t("The budget does not carry the route’s models, so a free one was asked."));
  }
  if (outcome.byBudget === "cheapest") {
    sentences.push(
      t("The budget does not carry the route’s models, so the cheapest was asked all the same."),
    );
  }
  const end = endSentence(outcome.chain, untilBegun(summary));
  return [...sentences, ...(end === undefined ? [] : [end]), ...rescueSentences(summary, names)];
}

/** What led to the model that began the answer: what followed where that was torn, is told apart. */
function untilBegun(summary: AnswerSummary): AnswerSummary {
  const { handoffs: rescues = [], attempts, modelUsed } = summary;
  const first = rescues[0]?.from ?? modelUsed;
  if (first === undefined) return summary;
  const own = attempts.findIndex(({ ref }) => ref === first);
  return { ...summary, modelUsed: first, attempts: own < 0 ? attempts : attempts.slice(0, own + 1) };
}
function routeSentence(decision: Decision, { modelUsed }: AnswerSummary, names: Names): string {
  const { route, followUp, outcome } = decision;
  if (followUp === true) {
    return outcome.kind === "chosen" && outcome.chain[0].ref === modelUsed
      ? t("A short follow-up: the model before it answers again.")
      : t("A short follow-up: it goes to the model before it.");
  }
  switch (route.kind) {
    case "explicit":
      return explicitSentence(decision, names);
    case "settings":
      return t("The prompt matched the route “{route}”.", { route: route.name });
    case "derived":
      return derivedSentence(route.level);
  }
}

/** How it ended, where the first choice did not answer. */
function endSentence(chain: readonly ChainStep[], summary: AnswerSummary): string | undefined {
  const { modelUsed, attempts, ending } = summary;
  if (modelUsed === undefined) {
    if (ending.kind === "stopped") return t("You stopped it before a model answered.");
    return attempts.length === 0
      ? t("None of the candidates could be asked any more.")
      : t("No model answered.");
  }
  const others = new Set(attempts.map(({ ref }) => ref).filter((ref) => ref !== modelUsed));
  const skipped = stepsPassed(chain, summary).filter(({ ref }) => !others.has(ref)).length;
  const failed = others.size;
  const count = failed + skipped;
  if (count === 0) return undefined;
  if (skipped === 0) {
    return failed === 1
      ? t("Its first model did not answer, so the next one did.")
      : t("Its first {count} models did not answer, so the next one did.", { count });
  }
  if (failed === 0) {
    return skipped === 1
      ? t("Its first model could not be asked any more, so the next one answered.")
      : t("Its first {count} models could not be asked any more, so the next one answered.", { count });
  }
  if (count === 2) {
    return t(
      "One of its models did not answer and one could not be asked any more, so the next one answered.",
    );
  }
  return t(
    "Of its first {count} models some did not answer and some could not be asked any more, so the next one answered.",
    { count },
  );
}

function explicitSentence({ attributes }: Decision, names: Names): string {
  const model = attributes.explicitModel;
  return model === undefined
    ? t("You chose this model, so no route applies.")
    : t("You chose {model}, so no route applies.", { model: names(model) });
}

/** The rule of the three routes that stand in where the settings have none for a prompt. */
function derivedSentence(level: ComplexityLevel): string {
  switch (level) {
    case "high":
      return t("No route of the settings applies, and the prompt is complex: it goes to the best quality.");
    case "medium":
      return t(
        "No route of the settings applies: a prompt of medium complexity goes to the cheapest good model.",
      );
    case "low":
      return t(
        "No route of the settings applies, and the prompt is simple: it goes to the cheapest model that will do.",
      );
  }
}
