import * as l10n from "@vscode/l10n";
import type { AnswerSummary } from "../../contract/answer.ts";
import {
  type ChainStep,
  type Decision,
  type RouteMatch,
  uncertainlyBetterModel,
} from "../../contract/decision.ts";
import type { BlockReason } from "../../contract/skipped.ts";
import { answeringModel, listSkipped } from "../attempts.ts";
import { handoffSentences } from "../broken.ts";
import { describeBudgetEffect, describeExcess, describeLateEffect, overBudgetSentence } from "../money.ts";
import type { ModelNames } from "../names.ts";
import { stepsBefore } from "./candidates.ts";
import { describeCascade } from "./cascade.ts";
import { escalationSentences } from "./escalation.ts";
import { describeExploration } from "./picks.ts";

/** Why this model answered, in sentences: what selected the route, and what happened on the way to the answer. */
export function whySentences(decision: Decision, summary: AnswerSummary, names: ModelNames): string[] {
  const { outcome } = decision;
  const route = routeSentence(decision, summary, names);
  if (outcome.kind === "blocked") return [route, blockedSentence(outcome.reason)];
  const budget = describeBudgetEffect(decision, names);
  const excess = describeExcess(decision, summary.cost);
  const fallback = fallbackSentence(outcome.chain, untilFirstText(summary), decision.atMs, names);
  return [
    route,
    ...heldSentences(decision),
    ...uncertaintySentences(decision, names),
    ...escalationSentences(decision, names),
    ...[describeCascade(decision), describeExploration(decision, names), budget, excess, fallback].filter(
      (sentence) => sentence !== undefined,
    ),
    ...describeLateEffect(decision, summary, names),
    ...handoffSentences(summary, names),
    ...otherModelSentence(summary, names),
  ];
}

/** That the route was matched with the complexity of an earlier prompt. */
function heldSentences({ held }: Decision): readonly string[] {
  if (held === undefined) return [];
  const from =
    held.prompt === 1
      ? l10n.t("The complexity is held from the first prompt of the conversation.")
      : l10n.t("The complexity is held from prompt {prompt} of the conversation.", { prompt: held.prompt });
  return held.isNewTopic === true
    ? [from, l10n.t("This prompt is about something else, but the model for it would not cost less.")]
    : [from];
}

/** That a model of higher quality comes later in the chain, but its quality is not certain to be higher. */
function uncertaintySentences(decision: Decision, names: ModelNames): readonly string[] {
  const better = uncertainlyBetterModel(decision);
  if (better?.quality === undefined) return [];
  const figures = { model: names(better.ref), quality: better.quality.toFixed(2) };
  return [
    l10n.t(
      "{model} has a higher quality ({quality}), but the difference is within its uncertainty.",
      figures,
    ),
  ];
}

/** That the provider used another model than the one that was asked. */
function otherModelSentence(summary: AnswerSummary, names: ModelNames): readonly string[] {
  const { modelUsed } = summary;
  const answering = answeringModel(summary);
  if (modelUsed === undefined || answering === undefined || answering === modelUsed) return [];
  const models = { asked: names(modelUsed), used: names(answering) };
  return [l10n.t("The provider used {used} in place of {asked}.", models)];
}

function blockedSentence(reason: BlockReason): string {
  switch (reason.kind) {
    case "over-budget":
      return overBudgetSentence(reason);
    case "invalid-route":
      return l10n.t("The route cannot be read, so it was not sent.");
    case "no-model-available":
      return l10n.t("None of the candidates was available.");
  }
}

function routeSentence(decision: Decision, { modelUsed }: AnswerSummary, names: ModelNames): string {
  const { route, followUp, outcome, attributes, features } = decision;
  if (followUp === true && features.toolLoop === true) {
    return outcome.kind === "chosen" && outcome.chain[0].ref === modelUsed
      ? l10n.t("The result of a tool: the model that called it answers again.")
      : l10n.t("The result of a tool: it goes to the model that called it.");
  }
  if (followUp === true) {
    return outcome.kind === "chosen" && outcome.chain[0].ref === modelUsed
      ? l10n.t("A short follow-up: the previous model answers again.")
      : l10n.t("A short follow-up: it goes to the previous model.");
  }
  switch (route.kind) {
    case "explicit":
      return attributes.explicitModel === undefined
        ? l10n.t("You chose this model, so no route applies.")
        : l10n.t("You chose {model}, so no route applies.", { model: names(attributes.explicitModel) });
    case "settings":
      return l10n.t("The prompt matched the route “{route}”.", { route: route.name });
    case "derived":
      return derivedRouteSentence(route);
  }
}

/** The rule of the built-in route that applies where no route of the settings matched. */
function derivedRouteSentence({ level, dial }: DerivedRoute): string {
  if (dial === "best") {
    return l10n.t(
      "No route of the settings applies, and the dial is at Best: every prompt goes to the cheapest model of nearly the best quality.",
    );
  }
  switch (level) {
    case "high":
      return dial === "cheap"
        ? l10n.t(
            "No route of the settings applies, and the dial is at Cheap: high complexity goes to the cheapest good model.",
          )
        : l10n.t(
            "No route of the settings applies: high complexity goes to the cheapest model of nearly the best quality.",
          );
    case "medium":
      return dial === "cheap"
        ? l10n.t(
            "No route of the settings applies, and the dial is at Cheap: medium complexity goes to the cheapest model that is good enough.",
          )
        : l10n.t("No route of the settings applies: medium complexity goes to the cheapest good model.");
    case "low":
      return dial === "cheap"
        ? l10n.t(
            "No route of the settings applies, and the dial is at Cheap: low complexity goes to the cheapest model of modest quality.",
          )
        : l10n.t(
            "No route of the settings applies: low complexity goes to the cheapest model that is good enough.",
          );
  }
}

type DerivedRoute = Extract<RouteMatch, { kind: "derived" }>;

/** The summary up to the model that wrote the first text: what happened after that is a handoff. */
function untilFirstText(summary: AnswerSummary): AnswerSummary {
  const { handoffs = [], attempts, modelUsed } = summary;
  const first = handoffs[0]?.from ?? modelUsed;
  if (first === undefined) return summary;
  const index = attempts.findIndex(({ ref }) => ref === first);
  return { ...summary, modelUsed: first, attempts: index < 0 ? attempts : attempts.slice(0, index + 1) };
}

/** What happened before the model that answered; undefined where the first choice answered. */
function fallbackSentence(
  chain: readonly ChainStep[],
  summary: AnswerSummary,
  atMs: number,
  names: ModelNames,
): string | undefined {
  const { modelUsed, attempts, ending, notCalled = [] } = summary;
  if (modelUsed === undefined) {
    if (ending.kind === "stopped") {
      return ending.interrupted === true
        ? l10n.t("The window was closed before a model answered.")
        : l10n.t("You stopped it before a model answered.");
    }
    if (attempts.length > 0) return l10n.t("No model answered.");
    return notCalled.length === 0
      ? l10n.t("None of the candidates was available any more.")
      : l10n.t("No model was asked: {models}.", { models: listSkipped(notCalled, atMs, names) });
  }
  const failedRefs = new Set(attempts.map(({ ref }) => ref).filter((ref) => ref !== modelUsed));
  const failed = failedRefs.size;
  // A sentence of their own states the figures of those that the budget did not cover.
  const notCovered = notCalled.filter(({ reason }) => reason === "over-budget").map(({ ref }) => ref);
  const isUnavailable = ({ ref }: ChainStep) => !failedRefs.has(ref) && !notCovered.includes(ref);
  const unavailable = stepsBefore(chain, summary).filter(isUnavailable).length;
  const count = failed + unavailable;
  if (count === 0) return undefined;
  if (unavailable === 0) {
    return failed === 1
      ? l10n.t("Its first model did not answer, so the next one did.")
      : l10n.t("Its first {count} models did not answer, so the next one did.", { count });
  }
  if (failed === 0) {
    return unavailable === 1
      ? l10n.t("Its first model was no longer available, so the next one answered.")
      : l10n.t("Its first {count} models were no longer available, so the next one answered.", { count });
  }
  if (count === 2) {
    return l10n.t(
      "One of its models did not answer and one was no longer available, so the next one answered.",
    );
  }
  return l10n.t(
    "Some of its first {count} models did not answer and some were no longer available, so the next one answered.",
    { count },
  );
}
