import {
  type Affinity,
  type Decision,
  type Exploration,
  escalationOf,
  type PickMethod,
  type RouteMatch,
  uncertainlyBetterModel,
} from "../contract/decision.ts";
import type { RouteSimilarity } from "../contract/features.ts";
import type { ModelRef } from "../contract/model.ts";

import type { BudgetReason, PickFigure, Reason, RouteKind } from "./reasons.ts";

/**
 * The reasons for a decision, in the order in which they applied. Skipped models are not among them: `decision.skipped`
 * lists them with their reasons.
 */
export function reasonsOf(decision: Decision): readonly Reason[] {
  const { route, features, followUp, experiment, affinity, exploration } = decision;
  const reasons: (Reason | undefined)[] = [
    { kind: "route", match: routeKind(route) },
    { kind: "complexity", ...features.complexity },
    heldReason(decision),
    ...similarityReasons(decision),
    followUp
      ? { kind: features.toolLoop ? "toolLoop" : "followUp", keeps: chosenStep(decision)?.ref }
      : undefined,
    escalatedReason(decision),
    experiment && { kind: "experiment", ...experiment, asks: chosenStep(decision)?.ref },
    pickReason(decision),
    cascadeReason(decision),
    uncertaintyReason(decision),
    affinity && affinityReason(affinity),
    explorationReason(exploration, chosenStep(decision)?.ref),
    budgetReason(decision),
    unavailableReason(decision),
  ];
  return reasons.filter((reason) => reason !== undefined);
}

/** Undefined if the stronger model is not the one that is asked, because it may not be used any more. */
function escalatedReason(decision: Decision): Reason | undefined {
  const escalation = escalationOf(decision);
  if (escalation === undefined) return undefined;
  const { from, reason, by } = escalation;
  return { kind: "escalated", from, reason, by };
}

function heldReason({ held, features, followUp, route }: Decision): Reason | undefined {
  if (held !== undefined) return { kind: "held", ...held };
  if (features.held?.topic === undefined || followUp === true || route.kind === "explicit") return undefined;
  const { similarity, threshold } = features.held.topic;
  return { kind: "newTopic", similarity, threshold, heldUntilNow: features.held.complexity.level };
}

function chosenStep({ outcome }: Decision) {
  return outcome.kind === "chosen" ? outcome.chain[0] : undefined;
}

function routeKind(route: RouteMatch): RouteKind {
  return route.kind === "settings" ? { kind: "settings", name: route.name, index: route.index } : route;
}

/** The route whose examples decided, else the most similar one; none if examples did not matter. */
function similarityReasons({ route, features, followUp }: Decision): readonly Reason[] {
  const { similarities } = features;
  if (similarities === undefined || route.kind === "explicit" || followUp === true) return [];
  const { embedder, routes, skipped } = similarities;
  const applied = route.kind === "settings" ? route.similarity : undefined;
  const shown = applied ?? mostSimilar(routes);
  const reasons: Reason[] = [];
  if (shown !== undefined) {
    reasons.push({ kind: "similarity", applied: applied !== undefined, embedder, ...shown });
  }
  if (skipped !== undefined) {
    reasons.push({
      kind: "embedderSkipped",
      embedder: skipped.embedder,
      message: skipped.failure.message,
    });
  }
  return reasons;
}

function mostSimilar([first, ...rest]: readonly RouteSimilarity[]): RouteSimilarity | undefined {
  return rest.reduce((best, other) => (best !== undefined && other.score > best.score ? other : best), first);
}

/** Undefined if something other than the pick chose: the user, an experiment, the previous decision, or the budget. */
function pickReason(decision: Decision): Reason | undefined {
  const { pick, outcome, experiment, followUp, exploration } = decision;
  if (outcome.kind !== "chosen" || outcome.byBudget !== undefined) return undefined;
  if (pick === "explicit" || experiment !== undefined || followUp === true) return undefined;
  if (escalationOf(decision) !== undefined) return undefined;
  if (exploration !== undefined) return undefined;
  const [{ ref, expectedNanoUsd, quality, speed }] = outcome.chain;
  const { ms: expectedMs, basis } = speed ?? {};
  const figures = {
    first: { by: "order" },
    cheapest: { by: "cost", expectedNanoUsd },
    fastest: { by: "time", expectedMs, basis },
    balanced: { by: "costAndTime", expectedNanoUsd, expectedMs, basis },
    cascade: { by: "quality", quality, expectedNanoUsd },
    "best-quality": { by: "quality", quality, expectedNanoUsd },
  } as const satisfies Record<Exclude<PickMethod, "explicit">, PickFigure>;
  return { kind: "pick", method: pick, ref, figure: figures[pick] };
}

/** Undefined if the budget chose. */
function cascadeReason({ cascade, outcome }: Decision): Reason | undefined {
  if (cascade === undefined || outcome.kind === "blocked" || outcome.byBudget !== undefined) return undefined;
  return { kind: "cascade", ...cascade };
}

function uncertaintyReason(decision: Decision): Reason | undefined {
  const step = chosenStep(decision);
  const better = uncertainlyBetterModel(decision);
  if (step === undefined || better === undefined) return undefined;
  return {
    kind: "uncertainQuality",
    ...{ ref: step.ref, quality: step.quality, standardError: step.qualityError },
    ...{ better: better.ref, betterQuality: better.quality, betterStandardError: better.qualityError },
  };
}

function explorationReason(
  exploration: Exploration | undefined,
  ref: ModelRef | undefined,
): Reason | undefined {
  return exploration === undefined || ref === undefined
    ? undefined
    : { kind: "exploration", ref, ...exploration };
}

function affinityReason(affinity: Affinity): Reason {
  // Spelled out for each case, so that the union keeps its cases.
  if (affinity.kind === "cold") {
    const { kind: verdict, ...figures } = affinity;
    return { kind: "affinity", verdict, ...figures };
  }
  const { kind: verdict, ...figures } = affinity;
  return { kind: "affinity", verdict, ...figures };
}

function budgetReason({ outcome, skipped, attributes }: Decision): BudgetReason | undefined {
  const by = attributes.budgetChoice === undefined ? "setting" : "choice";
  if (outcome.kind === "blocked") {
    if (outcome.reason.kind !== "over-budget") return undefined;
    const { kind: _kind, choices: _choices, ...figures } = outcome.reason;
    return { kind: "budget", by, outcome: "blocked", ...figures };
  }
  const { byBudget, insteadOf } = outcome;
  if (byBudget === undefined && insteadOf === undefined) return undefined;
  const [{ ref, expectedNanoUsd }] = outcome.chain;
  const overBudget = skipped.filter((candidate) => candidate.reason === "over-budget");
  const worstCases = overBudget.map(({ worstCaseNanoUsd }) => worstCaseNanoUsd);
  return {
    kind: "budget",
    by,
    outcome: byBudget ?? "next",
    ref,
    insteadOf,
    worstCaseNanoUsd: overBudget.find((candidate) => candidate.ref === insteadOf)?.worstCaseNanoUsd,
    limit: overBudget[0]?.limit,
    expectedNanoUsd,
    leastWorstCaseNanoUsd: worstCases.length === 0 ? undefined : Math.min(...worstCases),
    leftNanoUsd: overBudget[0]?.leftNanoUsd,
  };
}

function unavailableReason({ outcome, skipped }: Decision): Reason | undefined {
  if (outcome.kind !== "blocked") return undefined;
  switch (outcome.reason.kind) {
    case "no-model-available":
      return { kind: "noModelAvailable", skipped: skipped.length };
    case "invalid-route":
      return { kind: "invalidRoute", problem: outcome.reason.problem };
    case "over-budget":
      return undefined;
  }
}
