import type { Cascade } from "../../contract/cascade.ts";
import {
  type Affinity,
  type Attributes,
  type ChainStep,
  type CostRange,
  type Decision,
  type DecisionOutcome,
  type Effort,
  type ExperimentAssignment,
  type Exploration,
  type OutputRange,
  routeName,
} from "../../contract/decision.ts";
import type { Features } from "../../contract/features.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { unknownCard } from "../../models/catalogue.ts";
import { outputTokenNanoUsd } from "../../models/price.ts";
import type { Settings } from "../../settings/schema.ts";
import { assignmentFor } from "../experiments/assignment.ts";
import { asksFirst, budgetOutcome, outputLimitOf } from "./budget.ts";
import { type Evaluation, eligibleModels, evaluateCandidates } from "./candidates.ts";
import { withAffinity } from "./conversation/affinity.ts";
import { decideWithHold } from "./conversation/hold.ts";
import { type CascadeOrder, cascadeOrder } from "./pick/cascade.ts";
import { speedBasis, withExploration } from "./pick/exploration.ts";
import {
  expectedMs,
  type OrderMethod,
  orderBy,
  otherProviderSecond,
  type PickContext,
  preferredQuality,
} from "./pick/order.ts";
import { outputEstimator } from "./pick/outputEstimate.ts";
import { inheritedPlan, type Plan } from "./plan.ts";
import type { DecisionInput, World } from "./world.ts";

/**
 * Decides where a request goes, and why. Pure and synchronous: no clock, no I/O, no randomness; the same input gives the
 * same decision. The steps are: the plan of the route that applies (plan.ts), with the complexity that the conversation
 * holds (hold.ts); the eligibility and cost of its models (candidates.ts); the order of the chain (order.ts, affinity.ts);
 * and, if the budget can afford none of them, `switchyard.budget.whenExceeded` (budget.ts). A short follow-up inherits the
 * previous plan if its model is still available.
 */
export function decide(
  attributes: Attributes,
  features: Features,
  settings: Settings,
  world: World,
): Decision {
  const input: DecisionInput = { attributes, features, settings, world };
  const inherited = inheritedPlan(input);
  /** The model that a follow-up would keep if the budget covered it. */
  let displaced: Skipped | undefined;
  if (inherited !== undefined && inherited.unreadable === undefined) {
    const outputs = outputsFor(inherited, input);
    const evaluation = evaluateCandidates(inherited, outputs.tokensOf, input);
    const isKept = ({ ref }: { readonly ref: ModelRef }) => ref === inherited.inherits;
    displaced = evaluation.skipped.find((each) => isKept(each) && each.reason === "over-budget");
    if (evaluation.affordable.some(isKept) || (displaced !== undefined && asksFirst(input))) {
      return decisionFrom(inherited, evaluation, outputs, input);
    }
  }
  return decideWithHold(input, (plan) => {
    const outputs = outputsFor(plan, input);
    const evaluation =
      plan.unreadable === undefined ? evaluateCandidates(plan, outputs.tokensOf, input) : NO_CANDIDATES;
    return decisionFrom(plan, evaluation, outputs, input, displaced);
  });
}

/** The models of a plan, by whether they may be used and the budget covers them, with their expected costs. */
export function evaluationOf(plan: Plan, input: DecisionInput): Evaluation {
  return evaluateCandidates(plan, outputsFor(plan, input).tokensOf, input);
}

const NO_CANDIDATES: Evaluation = { affordable: [], overBudget: [], skipped: [] };

function decisionFrom(
  plan: Plan,
  evaluation: Evaluation,
  outputs: Outputs,
  input: DecisionInput,
  displaced?: Skipped,
): Decision {
  const { attributes, features, world } = input;
  const { affordable, overBudget } = evaluation;
  const wanted = wantedModel(plan, evaluation, input);
  const isWantedOver = overBudget.some(({ step }) => step.ref === wanted?.ref);
  const isAsked = isWantedOver && asksFirst(input);
  let outcome: DecisionOutcome = { kind: "blocked", reason: { kind: "no-model-available" } };
  let chain: OrderedChain | undefined;
  if (plan.unreadable !== undefined) {
    outcome = { kind: "blocked", reason: { kind: "invalid-route", problem: plan.unreadable } };
  } else if (affordable.length > 0 && attributes.budgetChoice === undefined && !isAsked) {
    const ordered = orderChain(plan, affordable, input);
    chain = withSpeeds(plan, ordered, input);
    const [first, ...rest] = chain.steps;
    if (first !== undefined) {
      const insteadOf = isWantedOver ? wanted?.ref : displaced?.ref;
      outcome = { kind: "chosen", chain: [first, ...rest], insteadOf };
    }
  } else if (overBudget.length > 0 || attributes.budgetChoice !== undefined) {
    const known = eligibleModels(plan, outputs.tokensOf, input);
    outcome = budgetOutcome(wanted, overBudget, known, input);
  }
  return {
    id: attributes.requestId,
    atMs: world.nowMs,
    route: plan.route,
    pick: plan.pick,
    features,
    attributes,
    expectedInputTokens: features.contextTokens,
    ...expectationsOf(outcome, wanted, outputs, input),
    outcome,
    skipped: withDisplaced(evaluation.skipped, displaced),
    followUp: plan.inherits === undefined ? undefined : true,
    effort: effortFor(plan, outcome, input),
    experiment: chain?.experiment,
    affinity: chain?.affinity,
    exploration: chain?.exploration,
    cascade: chain?.cascade,
  };
}

/** The effort that the request, the conversation or the route asks for, if a model of the chain can reason. */
function effortFor(
  { effort }: Plan,
  outcome: DecisionOutcome,
  { attributes, world }: DecisionInput,
): Effort | undefined {
  if (attributes.effort?.by === "request") return attributes.effort;
  const chain = outcome.kind === "chosen" ? outcome.chain : [];
  const canReason = chain.some(
    ({ ref }) => world.cards.get(ref)?.capabilities.includes("reasoning") === true,
  );
  if (!canReason) return undefined;
  return attributes.effort ?? (effort && { value: effort, by: "route" });
}

/** The model that would come first without a budget; undefined if the budget changes nothing. */
function wantedModel(
  plan: Plan,
  { affordable, overBudget }: Evaluation,
  input: DecisionInput,
): ChainStep | undefined {
  if (overBudget.length === 0 && input.attributes.budgetChoice === undefined) return undefined;
  const steps = new Map(
    [...affordable, ...overBudget.map(({ step }) => step)].map((step) => [step.ref, step]),
  );
  const inOrder = new Set(plan.entries.map(({ model }) => steps.get(model)));
  const known = [...inOrder].filter((step) => step !== undefined);
  return orderChain(plan, known, input).steps[0];
}

/** Adds the model that a follow-up could not keep, unless the route that applies has skipped it too. */
function withDisplaced(skipped: readonly Skipped[], displaced: Skipped | undefined): readonly Skipped[] {
  if (displaced === undefined || skipped.some(({ ref }) => ref === displaced.ref)) return skipped;
  return [...skipped, displaced];
}

/** The expected output tokens of each model, within its output limit. The range is unknown if the caller states a length. */
type Outputs = {
  readonly tokensOf: (card: ModelCard) => number;
  readonly rangeOf: (card: ModelCard) => OutputRange | undefined;
};

function outputsFor({ route }: Plan, { attributes, features, settings, world }: DecisionInput): Outputs {
  const { command, characters, expectedOutputTokens } = attributes;
  const requestLimit = outputLimitOf({}, attributes, settings);
  const limitOf = ({ maxOutputTokens = requestLimit }: ModelCard) => Math.min(requestLimit, maxOutputTokens);
  if (expectedOutputTokens !== undefined) {
    return {
      tokensOf: (card) => Math.min(limitOf(card), expectedOutputTokens),
      rangeOf: () => undefined,
    };
  }
  const task = { route: routeName(route), command, level: features.complexity.level };
  const { tokensOf, rangeOf } = outputEstimator(world.answers, task, characters);
  return {
    tokensOf: (card) => Math.min(limitOf(card), tokensOf(card)),
    rangeOf: (card) => {
      const { low, high } = rangeOf(card);
      return { low: Math.min(limitOf(card), low), high: Math.min(limitOf(card), high) };
    },
  };
}

/** What is expected of the model that comes first, or that would if the prompt were sent. */
function expectationsOf(
  outcome: DecisionOutcome,
  wanted: ChainStep | undefined,
  outputs: Outputs,
  { features: { contextTokens }, world }: DecisionInput,
): Pick<Decision, "expectedOutputTokens" | "expectedOutputRange" | "expectedCostRange"> {
  const first = outcome.kind === "chosen" ? outcome.chain[0] : wanted;
  const card = world.cards.get(first?.ref ?? "") ?? unknownCard(first?.ref ?? "");
  const expectedOutputTokens = first?.expectedOutputTokens ?? outputs.tokensOf(card);
  const range = outputs.rangeOf(card);
  if (range === undefined || first === undefined) return { expectedOutputTokens };
  return {
    expectedOutputTokens,
    expectedOutputRange: range,
    expectedCostRange: costRangeOf(first.expectedNanoUsd, expectedOutputTokens, range, card, contextTokens),
  };
}

/** The cost over a range of output tokens, which it is proportional to; the input, cached or not, costs the same. */
function costRangeOf(
  expectedNanoUsd: NanoUsd | undefined,
  tokens: number,
  { low, high }: OutputRange,
  card: ModelCard,
  inputTokens: number,
): CostRange | undefined {
  const tokenNanoUsd = outputTokenNanoUsd(card, inputTokens);
  if (expectedNanoUsd === undefined || tokenNanoUsd === undefined) return undefined;
  return {
    lowNanoUsd: Math.max(0, Math.round(expectedNanoUsd - (tokens - low) * tokenNanoUsd)),
    highNanoUsd: Math.round(expectedNanoUsd + (high - tokens) * tokenNanoUsd),
  };
}

/** The chain, and what determined its order in addition to the pick. */
type OrderedChain = {
  readonly steps: readonly ChainStep[];
  readonly experiment?: ExperimentAssignment | undefined;
  readonly affinity?: Affinity | undefined;
  readonly exploration?: Exploration | undefined;
  readonly cascade?: Cascade | undefined;
};

/**
 * Orders the affordable models. The model of an experiment's arm, or the model that a follow-up keeps, comes first;
 * otherwise the pick decides, and the conversation's last model stays unless another one is worth the switch.
 */
function orderChain(plan: Plan, steps: readonly ChainStep[], input: DecisionInput): OrderedChain {
  const { attributes, features, world } = input;
  const { method, preferQuality, first, cascade } = methodFor(plan, steps, input);
  const context = pickContext(preferQuality, steps, input);
  const byMethod = orderBy(method, steps, context);
  const ordered = first === undefined ? byMethod : withFirst(first, byMethod, plan);
  if (plan.experiment !== undefined) {
    const isLocal = (ref: ModelRef) => world.cards.get(ref)?.local === true;
    const assigned = assignmentFor(plan.experiment, attributes, isLocal);
    // The request counts for its arm even if the arm's model is skipped: what it depends on must not differ by arm.
    if (assigned !== undefined) {
      return { steps: withFirst(assigned.ref, ordered, plan), experiment: assigned.assignment };
    }
  }
  const kept = plan.escalatesTo ?? plan.inherits;
  if (kept !== undefined) return { steps: withFirst(kept, ordered, plan) };
  const { conversation } = world;
  if (conversation === undefined) return { steps: ordered, cascade };
  // Where a fallback answers in place of the model that the user picked, the user has not switched to it.
  const isReplaced = plan.pick === "explicit" && ordered[0]?.ref !== attributes.explicitModel;
  if (isReplaced) return { steps: ordered };
  const chain = withAffinity(method, ordered, {
    ...context,
    last: conversation,
    nowMs: world.nowMs,
    expectedInputTokens: features.contextTokens,
    cardOf: (ref) => world.cards.get(ref),
  });
  return { ...chain, cascade };
}

/** How the models of a plan are ordered. A cascade is ordered by what is known of its check. */
function methodFor(
  { pick, preferQuality, route }: Plan,
  steps: readonly ChainStep[],
  { attributes, settings, world }: DecisionInput,
): Omit<CascadeOrder, "method" | "cascade"> & {
  readonly method: OrderMethod;
  readonly cascade?: Cascade | undefined;
} {
  if (pick !== "cascade") return { method: pick, preferQuality };
  const { isEdit = false, language = "" } = attributes;
  const name = routeName(route);
  const order = cascadeOrder(steps, {
    isEdit,
    maxSteps: settings.escalate === "off" ? 0 : settings.escalation.maxSteps,
    tolerance: settings.derived.tolerance,
    hasVerifyCommand: settings.verify.command.trim() !== "",
    record: world.checks?.find((record) => record.route === name && record.language === language),
  });
  return steps.length < 2 ? { ...order, cascade: undefined } : order;
}

function pickContext(
  preferQuality: Plan["preferQuality"],
  steps: readonly ChainStep[],
  { settings, world }: DecisionInput,
): PickContext {
  return {
    latencyOf: (ref) => world.health.get(ref)?.latency,
    secondUsd: settings.secondUsd,
    preferQuality: preferredQuality(preferQuality, settings.derived.tolerance, steps),
  };
}

/**
 * Adds what picks that compare times know of the first model's speed, and tries a model of unknown speed now and then, unless
 * something other than the pick decides, or switching would lose a prompt cache.
 */
function withSpeeds(plan: Plan, chain: OrderedChain, input: DecisionInput): OrderedChain {
  if (plan.pick !== "fastest" && plan.pick !== "balanced") return chain;
  const context = pickContext(plan.preferQuality, chain.steps, input);
  const isOpen =
    chain.experiment === undefined &&
    plan.inherits === undefined &&
    plan.escalatesTo === undefined &&
    (chain.affinity === undefined || chain.affinity.kind === "cold");
  const { steps, exploration } = isOpen
    ? withExploration(plan.pick, chain.steps, context, input.attributes.requestId)
    : chain;
  const [first, ...rest] = steps;
  if (first === undefined) return chain;
  const latency = context.latencyOf(first.ref);
  const speed = { ms: expectedMs(latency, first.expectedOutputTokens ?? 0), basis: speedBasis(latency) };
  return { ...chain, steps: [{ ...first, speed }, ...rest], exploration };
}

/** Moves a model to the front, if it is in the chain. Under `first` the rest keeps the user's order. */
function withFirst(ref: ModelRef, ordered: readonly ChainStep[], { pick }: Plan): readonly ChainStep[] {
  const first = ordered.find((step) => step.ref === ref);
  if (first === undefined) return ordered;
  const steps = [first, ...ordered.filter((step) => step !== first)];
  return pick === "first" ? steps : otherProviderSecond(steps);
}
