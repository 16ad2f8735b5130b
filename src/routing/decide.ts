import type { Attributes, Decision, DecisionOutcome } from "../contract/decision.ts";
import { routeName } from "../contract/decision.ts";
import type { Features } from "../contract/features.ts";
import type { Settings } from "../settings/schema.ts";
import { arrange } from "./arrange.ts";
import { everybody, type Judgement, judge, type Question } from "./judge.ts";
import { inheritedPlan, type Plan, planFor } from "./plan.ts";
import { whenExceeded } from "./whenExceeded.ts";
import type { World } from "./world.ts";

/**
 * Where a request goes, and why. Pure: no clock, no network, no randomness; the same input gives the same decision.
 * In order: what the route that applies says (plan), who of its models is eligible and whom of them the budget carries
 * (judge), the pick and the chain behind it (arrange), and where the budget carries nobody, what
 * `switchyard.budget.whenExceeded` says. A short follow-up inherits the plan before it, if its model is still eligible.
 */
export function decide(
  attributes: Attributes,
  features: Features,
  settings: Settings,
  world: World,
): Decision {
  const question: Question = { attributes, features, settings, world };
  const inherited = inheritedPlan(attributes, features, settings, world);
  if (inherited !== undefined) {
    const tokens = outputTokensFor(inherited, question);
    const judgement = judge(inherited, tokens, question);
    if (judgement.carried.some(({ ref }) => ref === inherited.inherits)) {
      return decisionOf(inherited, judgement, tokens, question);
    }
  }
  const plan = planFor(attributes, features, settings, world);
  const tokens = outputTokensFor(plan, question);
  return decisionOf(plan, judge(plan, tokens, question), tokens, question);
}

function decisionOf(
  plan: Plan,
  { carried, tooDear, passedOver }: Judgement,
  expectedOutputTokens: number,
  question: Question,
): Decision {
  const { attributes, features, world } = question;
  const arranged =
    carried.length > 0 && attributes.budgetChoice === undefined
      ? arrange(plan, carried, expectedOutputTokens, question)
      : undefined;
  return {
    id: attributes.requestId,
    atMs: world.nowMs,
    route: plan.route,
    pick: plan.pick,
    features,
    attributes,
    expectedInputTokens: features.contextTokens,
    expectedOutputTokens,
    outcome:
      outcomeOf(arranged?.steps ?? []) ??
      whenExceeded(plan, tooDear, carried, () => everybody(plan, expectedOutputTokens, question), question),
    skipped: passedOver,
    ...(plan.inherits === undefined ? {} : { followUp: true }),
    ...(arranged?.experiment === undefined ? {} : { experiment: arranged.experiment }),
    ...(arranged?.affinity === undefined ? {} : { affinity: arranged.affinity }),
  };
}

function outcomeOf([first, ...rest]: NonNullable<ReturnType<typeof arrange>>["steps"]):
  | DecisionOutcome
  | undefined {
  return first === undefined ? undefined : { kind: "chosen", chain: [first, ...rest] };
}

/** The route's median where enough answers are known, else half the input, within the output limit. */
function outputTokensFor({ route }: Plan, { attributes, features, settings, world }: Question): number {
  const limit = attributes.maxOutputTokens ?? settings.maxOutputTokens;
  if (attributes.expectedOutputTokens !== undefined) return Math.min(limit, attributes.expectedOutputTokens);
  const median = world.medianOutputTokens.get(routeName(route));
  return Math.min(limit, median ?? Math.ceil(features.contextTokens / 2));
}
