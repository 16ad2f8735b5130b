import type { Attributes, ChainStep, Decision, DecisionOutcome, Effort } from "../../contract/decision.ts";
import type { Features } from "../../contract/features.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Skipped } from "../../contract/skipped.ts";
import type { Settings } from "../../settings/schema.ts";
import { asksFirst, budgetOutcome } from "./budget.ts";
import { type Evaluation, eligibleModels, evaluateCandidates } from "./candidates.ts";
import { decideWithHold } from "./conversation/hold.ts";
import { expectationsOf, type Outputs, outputsFor } from "./expectations.ts";
import { type OrderedChain, orderChain, withSpeeds } from "./pick/chain.ts";
import { inheritedPlan, type Plan } from "./plan.ts";
import type { DecisionInput, World } from "./world.ts";

/**
 * Decides where a request goes, and why. Pure and synchronous: no clock, no I/O, no randomness; the same input gives the
 * same decision. The steps are: the plan of the route that applies (plan.ts), with the complexity that the conversation
 * holds (hold.ts); the eligibility and cost of its models (candidates.ts); the order of the chain (pick/chain.ts);
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
