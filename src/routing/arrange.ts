import type { Affinity, ChainStep, ExperimentAssignment } from "../contract/decision.ts";
import type { ModelRef } from "../contract/model.ts";
import { withAffinity } from "./affinity.ts";
import { partIn } from "./experiment.ts";
import type { Question } from "./judge.ts";
import { orderBy, otherProviderNext, type PickContext } from "./pick.ts";
import type { Plan } from "./plan.ts";

/** The chain, and what else than the pick had a say in its order. */
export type Arrangement = {
  readonly steps: readonly ChainStep[];
  readonly experiment?: ExperimentAssignment;
  readonly affinity?: Affinity;
};

/**
 * Puts the models that may be asked into the order of the chain. An experiment fixes its arm's model; a follow-up keeps
 * the model before it; else the pick decides, and the conversation's last model stays unless another is worth the switch.
 */
export function arrange(
  plan: Plan,
  steps: readonly ChainStep[],
  expectedOutputTokens: number,
  { attributes, features, settings, world }: Question,
): Arrangement {
  const context: PickContext = {
    expectedOutputTokens,
    latencyOf: (ref) => world.health.get(ref)?.latency,
    secondUsd: settings.secondUsd,
    ...(plan.preferQuality === undefined ? {} : { preferQuality: plan.preferQuality }),
  };
  const ordered = orderBy(plan.pick, steps, context);
  if (plan.experiment !== undefined) {
    const isLocal = (ref: ModelRef) => world.cards.get(ref)?.local === true;
    const part = partIn(plan.experiment, attributes, attributes.requestId, isLocal);
    // Where its arm's model may not be asked, the request still counts for the arm that it was dealt to.
    if (part !== undefined) return { steps: leading(part.ref, ordered, plan), experiment: part.part };
  }
  if (plan.inherits !== undefined) return { steps: leading(plan.inherits, ordered, plan) };
  if (world.conversation === undefined) return { steps: ordered };
  return withAffinity(plan.pick, ordered, {
    ...context,
    last: world.conversation,
    nowMs: world.nowMs,
    expectedInputTokens: features.contextTokens,
    cardOf: (ref) => world.cards.get(ref),
  });
}

/** The same chain with one model first, if it is among them; the user's own order is else kept. */
function leading(ref: ModelRef, ordered: readonly ChainStep[], { pick }: Plan): readonly ChainStep[] {
  const first = ordered.find((step) => step.ref === ref);
  if (first === undefined) return ordered;
  const steps = [first, ...ordered.filter((step) => step !== first)];
  return pick === "first" ? steps : otherProviderNext(steps);
}
