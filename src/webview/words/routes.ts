import { t } from "@vscode/l10n";
import type {
  Complexity,
  ComplexityLevel,
  Decision,
  PickMethod,
  RouteMatch,
} from "../../contract/view/shown.ts";
import { inSentence } from "./attempts.ts";
import { byExperiment } from "./experiment.ts";

/** A decision's route as the quiet line shows it. */
export function routeWords({ route, followUp }: Pick<Decision, "route" | "followUp">): string {
  return followUp === true ? t("Same as before") : routeName(route);
}

/** A route by its own name, also where a follow-up inherited it. */
export function routeName(route: RouteMatch): string {
  switch (route.kind) {
    case "explicit":
      return t("You chose it");
    case "settings":
      return route.name;
    case "derived":
      return derivedRoute(route.level);
  }
}

function derivedRoute(level: ComplexityLevel): string {
  switch (level) {
    case "high":
      return t("High complexity");
    case "medium":
      return t("Medium complexity");
    case "low":
      return t("Low complexity");
  }
}

/** “High, from the word “create””. */
export function complexityWords({ level, reason: because }: Complexity): string {
  if (because.kind === "keyword") {
    const keyword = because.keyword;
    switch (level) {
      case "high":
        return t("High, from the word “{keyword}”", { keyword });
      case "medium":
        return t("Medium, from the word “{keyword}”", { keyword });
      case "low":
        return t("Low, from the word “{keyword}”", { keyword });
    }
  }
  const characters = because.characters.toLocaleString();
  switch (level) {
    case "high":
      return t("High, from its length: {characters} characters", { characters });
    case "medium":
      return t("Medium, from its length: {characters} characters", { characters });
    case "low":
      return t("Low, from its length: {characters} characters", { characters });
  }
}

/** What decided among the candidates. */
export function pickWords(decision: Decision): string {
  const { pick, outcome, followUp, experiment } = decision;
  if (outcome.kind === "chosen" && outcome.byBudget !== undefined) return t("The budget");
  if (followUp === true) return t("The prompt before");
  if (byExperiment(decision)) return t("The experiment");
  return experiment === undefined
    ? methodWords(pick)
    : t("The experiment, else: {method}", { method: inSentence(methodWords(pick)) });
}

function methodWords(pick: PickMethod): string {
  switch (pick) {
    case "first":
      return t("Order in the route");
    case "cheapest":
      return t("Lowest expected cost");
    case "fastest":
      return t("Shortest expected time");
    case "balanced":
      return t("Cost and time together");
    case "best-quality":
      return t("Best quality");
    case "explicit":
      return t("Your choice");
  }
}
