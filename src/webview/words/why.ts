import { t } from "@vscode/l10n";
import type { AnswerSummary, ComplexityLevel, Decision } from "../../contract/view/shown.ts";
import type { Names } from "./names.ts";

/** The reason in sentences: what sent the prompt here, and what happened on the way. */
export function whySentences(decision: Decision, summary: AnswerSummary, names: Names): string[] {
  const { route, outcome } = decision;
  const sentences: string[] = [];
  if (route.kind === "explicit") sentences.push(explicitSentence(decision, names));
  if (route.kind === "settings")
    sentences.push(t("The prompt matched the route “{route}”.", { route: route.name }));
  if (route.kind === "derived") sentences.push(derivedSentence(route.level));
  if (outcome.kind === "chosen" && outcome.byBudget === "free") {
    sentences.push(t("Today’s budget does not carry the route’s models, so a free one was asked."));
  }
  if (outcome.kind === "chosen" && outcome.byBudget === "cheapest") {
    sentences.push(
      t("Today’s budget does not carry the route’s models, so the cheapest was asked all the same."),
    );
  }
  if (outcome.kind === "stopped") {
    sentences.push(
      outcome.stop.kind === "over-budget"
        ? t("Today’s budget does not carry it, so nobody was asked.")
        : t("None of the candidates could be asked."),
    );
  } else if (summary.modelUsed === undefined) {
    sentences.push(t("No model answered."));
  } else if (summary.modelUsed !== outcome.chain[0].ref) {
    sentences.push(
      summary.fallbackCount === 1
        ? t("Its first model did not answer, so the next one did.")
        : t("Its first {count} models did not answer, so the next one did.", {
            count: summary.fallbackCount,
          }),
    );
  }
  return sentences;
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
