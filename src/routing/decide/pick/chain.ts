import {
  type Affinity,
  type Attributes,
  type ChainStep,
  type ExperimentAssignment,
  type Exploration,
  routeName,
} from "../../../contract/decision.ts";
import type { Cascade } from "../../../contract/edit/cascade.ts";
import type { ModelRef } from "../../../contract/model.ts";
import { assignmentFor } from "../../experiments/assignment.ts";
import { withAffinity } from "../conversation/affinity.ts";
import type { Plan } from "../plan.ts";
import type { DecisionInput } from "../world.ts";
import { type CascadeOrder, cascadeOrder } from "./cascade.ts";
import { speedBasis, withExploration } from "./exploration.ts";
import {
  expectedMs,
  type OrderMethod,
  orderBy,
  otherProviderSecond,
  type PickContext,
  preferredQuality,
} from "./order.ts";

/** The chain, and what determined its order in addition to the pick. */
export type OrderedChain = {
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
export function orderChain(plan: Plan, steps: readonly ChainStep[], input: DecisionInput): OrderedChain {
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
  if (kept !== undefined) return { steps: withoutFailed(withFirst(kept, ordered, plan), attributes) };
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

/** Where a stronger model tries next, no fallback leads back to a model whose answer was not good enough. */
function withoutFailed(steps: readonly ChainStep[], { escalation }: Attributes): readonly ChainStep[] {
  if (escalation === undefined || steps[0]?.ref !== escalation.to.ref) return steps;
  const failed = [escalation.from, ...(escalation.earlier ?? [])];
  return steps.filter(({ ref }) => ref === escalation.to.ref || !failed.includes(ref));
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
export function withSpeeds(plan: Plan, chain: OrderedChain, input: DecisionInput): OrderedChain {
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
