import type { BudgetScope } from "../../contract/budget.ts";
import type { ChainStep, Decision, Escalation } from "../../contract/decision.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Settings } from "../../settings/schema.ts";
import type { Evaluation } from "./candidates.ts";
import { evaluationOf } from "./decide.ts";
import { compareCosts, costOf, nextBetter } from "./pick/nextBetter.ts";
import { derivedPlan, type Plan, planOfRoute } from "./plan.ts";
import type { DecisionInput, World } from "./world.ts";

/** The model for the next try, and whether it was found by its quality or by its price. */
export type NextTry = Pick<Escalation, "to" | "by">;

/** A stronger model that the budget does not cover, and the limit that decided. */
export type UncoveredTry = { readonly ref: ModelRef; readonly limit: BudgetScope | undefined };

/**
 * The model that tries next after an answer was not good enough, among those that may be used and that the budget covers:
 *
 * 1. Of the route's own models, else of those of the derived routes: the next better one, by more than
 *    `switchyard.derived.tolerance`. One that another better model beats in quality and in cost is skipped. Among
 *    equals, another provider comes first, then the lower cost.
 * 2. If none is known to be better: the next more expensive one of the route whose quality, or the answer's own, is unknown.
 *
 * Undefined if there is none. Private content and routes with `localOnly` stay with local models.
 * @param from the model that gave the answer
 */
export function nextTry(
  decision: Decision,
  from: ModelRef,
  settings: Settings,
  world: World,
): NextTry | undefined {
  const routes = candidates(decision, settings, world).map(({ affordable }) => affordable);
  return stepUp(decision, from, settings, routes);
}

/** The model that would be the next try if the budget covered it; undefined if there is one that it covers, or none. */
export function uncoveredTry(
  decision: Decision,
  from: ModelRef,
  settings: Settings,
  world: World,
): UncoveredTry | undefined {
  if (nextTry(decision, from, settings, world) !== undefined) return undefined;
  const routes = candidates(decision, settings, world);
  const eligible = routes.map(({ affordable, overBudget }) => [
    ...affordable,
    ...overBudget.map(({ step }) => step),
  ]);
  const ref = stepUp(decision, from, settings, eligible)?.to.ref;
  if (ref === undefined) return undefined;
  const skipped = routes.flatMap((route) => route.skipped).find((each) => each.ref === ref);
  return { ref, limit: skipped?.reason === "over-budget" ? skipped.limit : undefined };
}

/** The models of the decision's route, if it has one, and those of the derived routes. */
function candidates(decision: Decision, settings: Settings, world: World): readonly Evaluation[] {
  const attributes = { ...decision.attributes, explicitModel: undefined, budgetChoice: undefined };
  const input: DecisionInput = { attributes, features: decision.features, settings, world };
  const own = planOfRoute(decision.route, attributes, settings, world);
  if (own?.unreadable !== undefined) return [];
  const pool: Plan = {
    ...derivedPlan(decision.features.complexity.level, attributes, settings, world),
    localOnly: own?.localOnly ?? false,
  };
  return (own === undefined ? [pool] : [own, pool]).map((plan) => evaluationOf(plan, input));
}

/** @param routes the models that may be used, those of the route first */
function stepUp(
  { outcome }: Decision,
  from: ModelRef,
  settings: Settings,
  routes: readonly (readonly ChainStep[])[],
): NextTry | undefined {
  const inChain = outcome.kind === "chosen" ? outcome.chain : [];
  const answered =
    routes.flat().find(({ ref }) => ref === from) ??
    inChain.find(({ ref }) => ref === from) ??
    ({ ref: from } satisfies ChainStep);
  for (const steps of routes) {
    const to = nextBetter(answered, steps, settings.derived.tolerance);
    if (to !== undefined) return { to, by: "quality" };
  }
  const to = nextDearer(answered, routes[0] ?? []);
  return to === undefined ? undefined : { to, by: "price" };
}

function nextDearer(answered: ChainStep, steps: readonly ChainStep[]): ChainStep | undefined {
  return steps
    .filter((step) => step.quality === undefined || answered.quality === undefined)
    .filter(({ expectedNanoUsd }) => (expectedNanoUsd ?? 0) > costOf(answered))
    .toSorted((a, b) => compareCosts(costOf(a), costOf(b)))[0];
}
