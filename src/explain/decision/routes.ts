import * as l10n from "@vscode/l10n";
import type { Decision, Dial, HeldLevel, RouteMatch } from "../../contract/decision.ts";
import type { Complexity, ComplexityLevel, RouteSimilarity } from "../../contract/features.ts";
import { describeFailure } from "../failures.ts";
import { formatAgainstThreshold, lowerFirst } from "../format.ts";

/** Examples are whole prompts: they are shown up to this many characters. */
const MAX_EXAMPLE_CHARACTERS = 60;

/** The route of a decision in the space of a quiet line. */
export function describeRoute({ route, followUp }: Pick<Decision, "route" | "followUp">): string {
  return followUp === true ? l10n.t("Same as before") : routeName(route);
}

/** The name of a route, whether this decision matched it or inherited it. */
export function routeName(route: RouteMatch): string {
  switch (route.kind) {
    case "explicit":
      return l10n.t("You chose it");
    case "settings":
      return route.name;
    case "derived":
      return derivedRouteName(route.level);
  }
}

function derivedRouteName(level: ComplexityLevel): string {
  switch (level) {
    case "high":
      return l10n.t("High complexity");
    case "medium":
      return l10n.t("Medium complexity");
    case "low":
      return l10n.t("Low complexity");
  }
}

/** A position of `switchyard.dial`. */
export function dialName(dial: Dial): string {
  switch (dial) {
    case "cheap":
      return l10n.t("Cheap");
    case "balanced":
      return l10n.t("Balanced");
    case "best":
      return l10n.t("Best");
  }
}

/** The complexity that the conversation holds, and from where: “High complexity, held from the first prompt”. */
export function describeHeld({ level, prompt }: HeldLevel): string {
  const complexity = derivedRouteName(level);
  return prompt === 1
    ? l10n.t("{complexity}, held from the first prompt", { complexity })
    : l10n.t("{complexity}, held from prompt {prompt}", { complexity, prompt });
}

/** The complexity of a prompt and what it comes from: “High, from the word “create””. */
export function describeComplexity({ level, reason }: Complexity): string {
  if (reason.kind === "keyword") {
    const { keyword } = reason;
    switch (level) {
      case "high":
        return l10n.t("High, from the word “{keyword}”", { keyword });
      case "medium":
        return l10n.t("Medium, from the word “{keyword}”", { keyword });
      case "low":
        return l10n.t("Low, from the word “{keyword}”", { keyword });
    }
  }
  if (reason.kind === "other-language") return l10n.t("Medium: not in English, and without a known keyword");
  const characters = reason.characters.toLocaleString();
  switch (level) {
    case "high":
      return l10n.t("High, from its length: {characters} characters", { characters });
    case "medium":
      return l10n.t("Medium, from its length: {characters} characters", { characters });
    case "low":
      return l10n.t("Low, from its length: {characters} characters", { characters });
  }
}

/**
 * How similar the prompt is to the examples of the route that they selected (`decided`). Where no route's examples
 * were similar enough: to those of the nearest. Undefined where examples played no part.
 */
export function describeSimilarity(
  decision: Decision,
): { readonly text: string; readonly decided: boolean } | undefined {
  const { route } = decision;
  if (!usesExamples(decision)) return undefined;
  if (route.kind === "settings" && route.similarity !== undefined) {
    return {
      text: l10n.t("{score} to “{example}”, needs {threshold}", similarityFigures(route.similarity)),
      decided: true,
    };
  }
  const nearest = nearestRefused(decision);
  if (nearest === undefined) return undefined;
  return {
    text: l10n.t("{score} to “{example}” of “{route}”, needs {threshold}", {
      ...similarityFigures(nearest),
      route: nearest.name,
    }),
    decided: false,
  };
}

/** The route whose examples were the nearest, but not similar enough, and by how little; undefined where there is none. */
export function describeRefusal(decision: Decision): string | undefined {
  const { route } = decision;
  if (!usesExamples(decision) || (route.kind === "settings" && route.similarity !== undefined)) {
    return undefined;
  }
  const nearest = nearestRefused(decision);
  if (nearest === undefined) return undefined;
  const { score, threshold, example } = similarityFigures(nearest);
  const decimals = threshold.length - threshold.indexOf(".") - 1;
  return l10n.t("“{route}”: {score} to “{example}”, {missing} too low", {
    route: nearest.name,
    score,
    example,
    missing: (Number(threshold) - Number(score)).toFixed(decimals),
  });
}

/** Undefined if it is similar enough but not selected: an earlier route matched, or its other conditions did not hold. */
function nearestRefused({ features }: Decision): RouteSimilarity | undefined {
  const [nearest] = (features.similarities?.routes ?? []).toSorted((a, b) => b.score - a.score);
  return nearest === undefined || nearest.score >= nearest.threshold ? undefined : nearest;
}

/** Why the configured embedder did not compare this prompt; undefined where it did. */
export function describeSkippedEmbedder(decision: Decision): string | undefined {
  const skipped = decision.features.similarities?.skipped;
  if (skipped === undefined || !usesExamples(decision)) return undefined;
  return l10n.t("The embedder {embedder} was skipped: {reason}. The built-in embedder was used instead.", {
    embedder: skipped.embedder,
    reason: lowerFirst(describeFailure(skipped.failure)),
  });
}

/** Examples play no part in the user's own choice, nor in a follow-up. */
function usesExamples({ route, followUp }: Decision): boolean {
  return route.kind !== "explicit" && followUp !== true;
}

function similarityFigures({ score, threshold, nearest: { example } }: RouteSimilarity) {
  const { has, needs } = formatAgainstThreshold(score, threshold);
  return { score: has, threshold: needs, example: shorten(example, MAX_EXAMPLE_CHARACTERS) };
}

/** A text on one line, cut to a number of characters. */
export function shorten(text: string, maxCharacters: number): string {
  const characters = [...text.replace(/\s+/g, " ").trim()];
  return characters.length <= maxCharacters
    ? characters.join("")
    : `${characters.slice(0, maxCharacters).join("").trimEnd()}…`;
}
