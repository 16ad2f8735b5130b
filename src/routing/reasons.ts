import type {
  Affinity,
  BlockReason,
  Decision,
  ExperimentArm,
  PickMethod,
  RouteMatch,
} from "../contract/decision.ts";
import type { Complexity, RouteSimilarity } from "../contract/features.ts";
import type { ModelRef } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";

/** One step on the way to a decision, with its figures: plain data, for whoever puts it into words. */
export type Reason =
  | { readonly kind: "route"; readonly match: RouteKind }
  | ({ readonly kind: "complexity" } & Complexity)
  /** `applied`: the route's examples decided. Else nobody's did, and this is the route that came nearest. */
  | ({ readonly kind: "similarity"; readonly applied: boolean; readonly embedder: string } & RouteSimilarity)
  /** The embedder of the settings was passed over for this prompt. */
  | { readonly kind: "embedderSkipped"; readonly embedder: string; readonly message: string }
  /** Route and model of the decision before hold. */
  | { readonly kind: "followUp"; readonly keeps?: ModelRef }
  /** `asks`: whom the arm's chain begins with, which is not the arm's own model where that one may not be asked. */
  | {
      readonly kind: "experiment";
      readonly name: string;
      readonly arm: ExperimentArm;
      readonly unit: string;
      readonly asks?: ModelRef;
    }
  | {
      readonly kind: "pick";
      readonly method: PickMethod;
      readonly ref: ModelRef;
      readonly figure: PickFigure;
    }
  | ({ readonly kind: "affinity" } & AffinityFigures)
  | BudgetReason
  | { readonly kind: "nobodyEligible"; readonly skipped: number };

/** What a pick went by. A figure that is not known is left out. */
export type PickFigure =
  | { readonly by: "order" }
  | { readonly by: "cost"; readonly expectedNanoUsd?: NanoUsd }
  | { readonly by: "time"; readonly expectedMs?: number }
  | { readonly by: "costAndTime"; readonly expectedNanoUsd?: NanoUsd; readonly expectedMs?: number }
  | { readonly by: "quality"; readonly quality?: number };

type RouteKind =
  | { readonly kind: "explicit" }
  | { readonly kind: "settings"; readonly name: string; readonly index: number }
  | Extract<RouteMatch, { kind: "derived" }>;

/** `verdict` says whether the conversation stayed; the others are the decision's figures. */
type AffinityFigures = WithVerdict<Affinity>;
type WithVerdict<A extends Affinity> = A extends Affinity
  ? { readonly verdict: A["kind"] } & Omit<A, "kind">
  : never;

/** The budget had the last word. `by`: the setting, or what the user chose for this prompt. */
export type BudgetReason = { readonly kind: "budget"; readonly by: "setting" | "choice" } & (
  | {
      readonly outcome: "free" | "cheapest";
      readonly ref: ModelRef;
      readonly expectedNanoUsd?: NanoUsd;
      /** Of the route's models that it does not carry, the least: left out where it carries them all. */
      readonly leastWorstCaseNanoUsd?: NanoUsd;
      readonly leftNanoUsd?: NanoUsd;
    }
  | ({ readonly outcome: "stopped" } & Omit<
      Extract<BlockReason, { kind: "over-budget" }>,
      "kind" | "choices"
    >)
);

/**
 * Why a decision is what it is, in the order in which it was made; who was passed over, and why, the decision says
 * itself (`passedOver`).
 * @param msOf expected milliseconds of the answer, which a decision does not hold: for picks that go by time
 */
export function reasonsOf(decision: Decision, msOf?: (ref: ModelRef) => number): readonly Reason[] {
  const { route, features, followUp, experiment, affinity } = decision;
  const pick = pickOf(decision, msOf);
  const budget = budgetOf(decision);
  const keeps = chosen(decision)?.ref;
  return [
    { kind: "route", match: routeKind(route) },
    { kind: "complexity", ...features.complexity },
    ...similarityOf(decision),
    ...(followUp === true ? [{ kind: "followUp" as const, ...defined("keeps", keeps) }] : []),
    ...(experiment === undefined
      ? []
      : [{ kind: "experiment" as const, ...experiment, ...defined("asks", keeps) }]),
    ...(pick === undefined ? [] : [pick]),
    ...(affinity === undefined ? [] : [affinityReason(affinity)]),
    ...(budget === undefined ? [] : [budget]),
    ...nobodyEligible(decision),
  ];
}

function chosen({ outcome }: Decision) {
  return outcome.kind === "chosen" ? outcome.chain[0] : undefined;
}

function routeKind(route: RouteMatch): RouteKind {
  return route.kind === "settings" ? { kind: "settings", name: route.name, index: route.index } : route;
}

/** The route whose examples decided, else the one that came nearest to it; nothing where examples had no say. */
function similarityOf({ route, features, followUp }: Decision): readonly Reason[] {
  const { similarities } = features;
  if (similarities === undefined || route.kind === "explicit" || followUp === true) return [];
  const { embedder, routes, skipped } = similarities;
  const applied = route.kind === "settings" ? route.similarity : undefined;
  const shown = applied ?? nearest(routes);
  return [
    ...(shown === undefined
      ? []
      : [{ kind: "similarity" as const, applied: applied !== undefined, embedder, ...shown }]),
    ...(skipped === undefined
      ? []
      : [{ kind: "embedderSkipped" as const, embedder: skipped.embedder, message: skipped.failure.message }]),
  ];
}

function nearest(routes: readonly RouteSimilarity[]): RouteSimilarity | undefined {
  let best: RouteSimilarity | undefined;
  for (const each of routes) if (best === undefined || each.score > best.score) best = each;
  return best;
}

/** Left out where something else than the pick chose: the user, an experiment, the decision before, or the budget. */
function pickOf(decision: Decision, msOf?: (ref: ModelRef) => number): Reason | undefined {
  const { pick, outcome, experiment, followUp, affinity } = decision;
  const step = chosen(decision);
  if (step === undefined || pick === "explicit" || experiment !== undefined || followUp === true)
    return undefined;
  if (outcome.kind === "chosen" && outcome.byBudget !== undefined) return undefined;
  const { ref } = step;
  const cost = defined("expectedNanoUsd", step.expectedNanoUsd);
  const time = defined("expectedMs", msOf?.(ref) ?? weighedMs(affinity, ref));
  const figure = {
    first: { by: "order" },
    cheapest: { by: "cost", ...cost },
    fastest: { by: "time", ...time },
    balanced: { by: "costAndTime", ...cost, ...time },
    "best-quality": { by: "quality", ...defined("quality", step.quality) },
  } as const satisfies Record<Exclude<PickMethod, "explicit">, PickFigure>;
  return { kind: "pick", method: pick, ref, figure: figure[pick] };
}

function weighedMs(affinity: Affinity | undefined, ref: ModelRef): number | undefined {
  if (affinity === undefined || affinity.kind === "cold") return undefined;
  return ref === affinity.last ? affinity.stayMs : ref === affinity.other ? affinity.switchMs : undefined;
}

function affinityReason(affinity: Affinity): Reason {
  if (affinity.kind === "cold") {
    const { kind: verdict, ...figures } = affinity;
    return { kind: "affinity", verdict, ...figures };
  }
  const { kind: verdict, ...figures } = affinity;
  return { kind: "affinity", verdict, ...figures };
}

function budgetOf({ outcome, skipped: passedOver, attributes }: Decision): BudgetReason | undefined {
  const by = attributes.budgetChoice === undefined ? "setting" : "choice";
  if (outcome.kind === "blocked") {
    const { reason: stop } = outcome;
    if (stop.kind !== "over-budget") return undefined;
    const { kind: _, choices: _choices, ...figures } = stop;
    return { kind: "budget", by, outcome: "stopped", ...figures };
  }
  if (outcome.byBudget === undefined) return undefined;
  const [step] = outcome.chain;
  const tooDear = passedOver.flatMap((each) => (each.reason === "over-budget" ? [each] : []));
  const worstCases = tooDear.map(({ worstCaseNanoUsd }) => worstCaseNanoUsd);
  return {
    kind: "budget",
    by,
    outcome: outcome.byBudget,
    ref: step.ref,
    ...defined("expectedNanoUsd", step.expectedNanoUsd),
    ...defined("leastWorstCaseNanoUsd", worstCases.length === 0 ? undefined : Math.min(...worstCases)),
    ...defined("leftNanoUsd", tooDear[0]?.leftNanoUsd),
  };
}

function nobodyEligible({ outcome, skipped: passedOver }: Decision): readonly Reason[] {
  return outcome.kind === "blocked" && outcome.reason.kind === "no-model-available"
    ? [{ kind: "nobodyEligible", skipped: passedOver.length }]
    : [];
}

function defined<const N extends string, T>(name: N, value: T | undefined): { readonly [K in N]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]: T });
}
