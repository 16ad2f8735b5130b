import type { Decision, HeldLevel, RouteMatch } from "../../../contract/decision.ts";
import { routeName } from "../../../contract/decision.ts";
import type { Complexity } from "../../../contract/features.ts";
import { type Plan, planFor } from "../plan.ts";
import type { DecisionInput } from "../world.ts";

/**
 * Decides with the complexity that the conversation holds: that of its hardest prompt. If the prompt belongs to another
 * topic, the complexity of that topic applies, provided that the model it leads to costs less than staying, caches
 * included.
 * @param decideBy decides by a plan
 */
export function decideWithHold(input: DecisionInput, decideBy: (plan: Plan) => Decision): Decision {
  const { held } = input.features;
  const own = planFor(input);
  if (held === undefined) return decideBy(own);
  const decideAt = ({ complexity, prompt }: Hardest, isNewTopic?: true): Decision => {
    const plan = planAt(complexity, input);
    if (isSameRoute(plan.route, own.route)) return decideBy(own);
    const { level, score } = complexity;
    return { ...decideBy(plan), held: { level, score, prompt, isNewTopic } satisfies HeldLevel };
  };
  const { topic } = held;
  if (topic === undefined) return decideAt(held);
  const { hardest } = topic;
  const isHarder = hardest !== undefined && hardest.complexity.score > input.features.complexity.score;
  const released = isHarder ? decideAt(hardest) : decideBy(own);
  const kept = decideAt(held, true);
  return isSameRoute(kept.route, released.route) || costsLess(released, kept) ? released : kept;
}

type Hardest = { readonly complexity: Complexity; readonly prompt: number };

function planAt(complexity: Complexity, input: DecisionInput): Plan {
  return planFor({ ...input, features: { ...input.features, complexity } });
}

function isSameRoute(a: RouteMatch, b: RouteMatch): boolean {
  return a.kind === b.kind && routeName(a) === routeName(b);
}

/** Whether switching is worth it: an unknown cost is not less. */
function costsLess(switched: Decision, kept: Decision): boolean {
  if (kept.outcome.kind === "blocked") return true;
  if (switched.outcome.kind === "blocked") return false;
  const [to] = switched.outcome.chain;
  const [from] = kept.outcome.chain;
  if (to.ref === from.ref) return true;
  return (to.expectedNanoUsd ?? Number.POSITIVE_INFINITY) < (from.expectedNanoUsd ?? 0);
}
