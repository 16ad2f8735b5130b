import * as l10n from "@vscode/l10n";
import { type Decision, uncertainlyBetterModel } from "../../contract/decision.ts";
import type { Complexity } from "../../contract/features.ts";
import { formatAgainstThreshold, formatList, lowerFirst } from "../format.ts";
import { describeOverBudgetBriefly } from "../money.ts";
import { type ModelNames, modelName } from "../names.ts";
import {
  describeAffinity,
  describeAffinityTimes,
  describeEffort,
  describeExpectedTime,
  describeExperiment,
  describePick,
  describePickMethod,
} from "./picks.ts";
import {
  describeComplexity,
  describeHeld,
  describeSimilarity,
  dialName,
  routeName,
  shorten,
} from "./routes.ts";

/** In a one-line summary an example is shown up to this many characters. */
const MAX_EXAMPLE_CHARACTERS = 40;

/** A property of a prompt or a decision. `isMinor`: it is shown for information and decided nothing. */
export type Fact = { readonly name: string; readonly value: string; readonly isMinor: boolean };

/** What was found in a prompt and what the model was picked by. `decidedInMs`: how long the decision took. */
export function factsOf(
  decision: Decision,
  decidedInMs: number | undefined,
  names: ModelNames,
): readonly Fact[] {
  const { features, attributes, route, followUp } = decision;
  const similarity = describeSimilarity(decision);
  const facts: readonly [name: string, value: string | undefined, isMinor?: boolean][] = [
    [l10n.t("Route"), followUp === true ? routeName(route) : undefined],
    [l10n.t("Similarity"), similarity?.text, similarity?.decided === false],
    [l10n.t("Complexity"), describeComplexity(features.complexity)],
    [l10n.t("Dial"), route.kind === "derived" && route.dial !== undefined ? dialName(route.dial) : undefined],
    [l10n.t("Held"), decision.held && describeHeld(decision.held)],
    [l10n.t("Size"), l10n.t("{tokens} tokens", { tokens: features.contextTokens.toLocaleString() })],
    [l10n.t("Keywords"), features.keywords.length > 0 ? formatList(features.keywords) : undefined],
    [l10n.t("Command"), attributes.command && `/${attributes.command}`],
    [l10n.t("Language"), attributes.language],
    [l10n.t("Private"), attributes.isPrivate ? l10n.t("Yes: local models only") : undefined],
    [l10n.t("Picked by"), describePick(decision)],
    [l10n.t("Reasoning effort"), decision.effort && describeEffort(decision.effort)],
    [l10n.t("Experiment"), describeExperiment(decision)],
    [l10n.t("Conversation"), describeAffinity(decision, names)],
    [l10n.t("Expected time"), describeAffinityTimes(decision) ?? describeExpectedTime(decision)],
    [l10n.t("Decided in"), describeDecisionTime(decidedInMs, features.cached)],
  ];
  return facts.flatMap(([name, value, isMinor = false]) =>
    value === undefined ? [] : [{ name, value, isMinor }],
  );
}

function describeDecisionTime(ms: number | undefined, cached: boolean): string | undefined {
  if (ms === undefined) return undefined;
  const figure = { ms: ms < 10 ? ms.toFixed(1) : Math.round(ms) };
  return cached
    ? l10n.t("{ms}\u00a0ms, with the classification from the cache", figure)
    : l10n.t("{ms}\u00a0ms", figure);
}

/** What decided the route and then the model, on one line. What decided nothing is left out. */
export function describeDecisionBriefly(decision: Decision): string {
  return [...routeReasons(decision), ...modelReasons(decision)].join("; ");
}

function routeReasons(decision: Decision): readonly string[] {
  const { route, features, followUp } = decision;
  if (route.kind === "explicit") return [l10n.t("You chose it")];
  if (followUp === true && features.toolLoop === true) return [l10n.t("Result of a tool: same as before")];
  if (followUp === true) return [l10n.t("Short follow-up: same as before")];
  const embedder = features.similarities?.skipped?.embedder;
  const skippedEmbedder = embedder === undefined ? [] : [l10n.t("{embedder} was skipped", { embedder })];
  const dial =
    route.kind !== "derived" || route.dial === undefined
      ? []
      : [l10n.t("dial at {position}", { position: dialName(route.dial) })];
  if (decision.held !== undefined) return [describeHeld(decision.held), ...dial, ...skippedEmbedder];
  if (route.kind !== "settings" || route.similarity === undefined)
    return [describeComplexityBriefly(features.complexity), ...dial, ...skippedEmbedder];
  const { nearest, score, threshold } = route.similarity;
  const { has, needs } = formatAgainstThreshold(score, threshold);
  const example = shorten(nearest.example, MAX_EXAMPLE_CHARACTERS);
  return [
    l10n.t("Like “{example}” ({score}, needs {threshold})", { example, score: has, threshold: needs }),
    ...skippedEmbedder,
  ];
}

function describeComplexityBriefly({ level, reason }: Complexity): string {
  const complexity = routeName({ kind: "derived", level });
  switch (reason.kind) {
    case "keyword":
      return l10n.t("{complexity}, from the word “{keyword}”", { complexity, keyword: reason.keyword });
    case "length":
      return l10n.t("{complexity}, from its length", { complexity });
    case "other-language":
      return l10n.t("{complexity}: not in English, and without a known keyword", { complexity });
  }
}

function modelReasons(decision: Decision): readonly string[] {
  const { outcome, skipped } = decision;
  if (outcome.kind === "blocked") {
    const experiment = experimentReason(decision);
    switch (outcome.reason.kind) {
      case "over-budget":
        return [...experiment, describeOverBudgetBriefly(outcome.reason)];
      case "invalid-route":
        return [l10n.t("the route cannot be read: {problem}", { problem: outcome.reason.problem })];
      case "no-model-available":
        return [
          ...experiment,
          skipped.length === 1
            ? l10n.t("the only candidate was skipped")
            : l10n.t("all {count} candidates were skipped", { count: skipped.length }),
        ];
    }
  }
  return [
    ...experimentReason(decision),
    ...pickReason(decision),
    ...uncertaintyReason(decision),
    ...affinityReason(decision),
    ...(decision.exploration === undefined ? [] : [l10n.t("tried, to measure its speed")]),
    ...(outcome.insteadOf === undefined || outcome.byBudget !== undefined
      ? []
      : [l10n.t("the budget does not cover {model}", { model: modelName(outcome.insteadOf) })]),
    ...(outcome.byBudget === undefined
      ? []
      : [
          outcome.byBudget === "free"
            ? l10n.t("the budget allows only a free model")
            : l10n.t("the budget allows only the cheapest model"),
        ]),
  ];
}

function experimentReason({ experiment }: Decision): readonly string[] {
  if (experiment === undefined) return [];
  const { name, arm } = experiment;
  return [
    arm === "treatment"
      ? l10n.t("experiment “{name}”: treatment", { name })
      : l10n.t("experiment “{name}”: control", { name }),
  ];
}

/** Nothing where something other than the pick chose: the user, an experiment, the previous decision or the budget. */
function pickReason(decision: Decision): readonly string[] {
  const { pick, outcome, experiment, followUp } = decision;
  const isByBudget = outcome.kind === "chosen" && outcome.byBudget !== undefined;
  return pick === "explicit" || experiment !== undefined || followUp === true || isByBudget
    ? []
    : [lowerFirst(describePickMethod(decision))];
}

function uncertaintyReason(decision: Decision): readonly string[] {
  const better = uncertainlyBetterModel(decision);
  return better === undefined
    ? []
    : [l10n.t("the higher quality of {model} is uncertain", { model: modelName(better.ref) })];
}

function affinityReason({ affinity }: Decision): readonly string[] {
  switch (affinity?.kind) {
    case undefined:
    case "cold":
      return [];
    case "stayed":
      return [l10n.t("stays: its cache is warm")];
    case "switched":
      return [l10n.t("switches although the cache of {model} is warm", { model: modelName(affinity.last) })];
  }
}
