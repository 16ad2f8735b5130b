import type { Attributes, ChainStep, Decision, DecisionOutcome, PassedOver } from "../contract/decision.ts";
import type { Features } from "../contract/features.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import { routeName } from "../ledger/routeName.ts";
import { expectedCost } from "../models/price.ts";
import type { ChainEntry, Settings } from "../settings/schema.ts";
import { affordabilityOf } from "./affordability.ts";
import { passedOverFor } from "./eligibility.ts";
import { orderBy, type PickContext } from "./pick.ts";
import { type Plan, planFor } from "./plan.ts";
import { type Considered, whenExceeded } from "./whenExceeded.ts";
import type { World } from "./world.ts";

/** A decision before it is given its id. */
export type Verdict = Omit<Decision, "id">;

/**
 * Where a request goes, and why. Pure: no clock, no network, no randomness; the same input gives the same decision.
 * In order: the plan of the route that applies, who of it is eligible, whom of them the budget carries, the pick and
 * the chain behind it; and where the budget carries nobody, what `switchyard.budget.whenExceeded` says.
 */
export function decide(
  attributes: Attributes,
  features: Features,
  settings: Settings,
  world: World,
): Verdict {
  const plan = planFor(attributes, features, settings, world);
  const expectedOutputTokens = outputTokensFor(plan, attributes, features, settings, world);
  const consider = (entry: ChainEntry, demands: Plan): Considered | PassedOver =>
    considered(entry, demands, expectedOutputTokens, attributes, features, world);

  const passedOver: PassedOver[] = [];
  const carried: ChainStep[] = [];
  const tooDear: Considered[] = [];
  for (const entry of plan.entries) {
    const result = consider(entry, plan);
    if ("reason" in result) {
      passedOver.push(result);
      continue;
    }
    const afford = affordabilityOf(result.card, attributes, world.budget);
    if (afford.kind === "carried") carried.push(result.step);
    else if (afford.kind === "unknown-price") passedOver.push({ ref: entry.model, reason: "unknown-price" });
    else {
      tooDear.push(result);
      const leftNanoUsd = world.budget?.leftNanoUsd ?? 0;
      const { worstCaseNanoUsd } = afford;
      passedOver.push({ ref: entry.model, reason: "over-budget", worstCaseNanoUsd, leftNanoUsd });
    }
  }

  const context: PickContext = {
    expectedOutputTokens,
    latencyOf: (ref: ModelRef) => world.health.get(ref)?.latency,
    secondUsd: settings.secondUsd,
    ...(plan.preferQuality === undefined ? {} : { preferQuality: plan.preferQuality }),
  };
  const order = (steps: readonly ChainStep[]) => orderBy(plan.pick, steps, context);
  const everybody = () =>
    [...world.cards.keys()]
      .map((model) => consider({ model }, { ...plan, pick: "cheapest", entries: [] }))
      .filter((result): result is Considered => !("reason" in result));
  const outcome: DecisionOutcome =
    attributes.budgetChoice === undefined && carried.length > 0
      ? chosen(order(carried))
      : whenExceeded(tooDear, carried, everybody, order, attributes, settings, world);
  return {
    atMs: world.nowMs,
    route: plan.route,
    pick: plan.pick,
    features,
    attributes,
    expectedInputTokens: features.contextTokens,
    expectedOutputTokens,
    outcome,
    passedOver,
  };
}

function considered(
  entry: ChainEntry,
  plan: Plan,
  expectedOutputTokens: number,
  attributes: Attributes,
  features: Features,
  world: World,
): Considered | PassedOver {
  const card = world.cards.get(entry.model) ?? unknownCard(entry.model);
  const demands = {
    localOnly: plan.localOnly,
    needsPrice: plan.pick === "cheapest" || plan.pick === "balanced",
    passesBreaker: entry.model === attributes.explicitModel,
    ...(plan.minQuality === undefined ? {} : { minQuality: plan.minQuality }),
  };
  const passed = passedOverFor(entry, card, demands, attributes, features, world);
  if (passed !== undefined) return passed;
  const expectedNanoUsd = expectedCost(card, features.contextTokens, expectedOutputTokens);
  return {
    card,
    step: {
      ref: entry.model,
      ...(expectedNanoUsd === undefined ? {} : { expectedNanoUsd }),
      ...(card.quality === undefined ? {} : { quality: card.quality.value }),
      ...(card.simulated === true ? { simulated: true } : {}),
      ...(entry.timeoutMs === undefined ? {} : { timeoutMs: entry.timeoutMs }),
    },
  };
}

/** The route's median where enough answers are known, else half the input, within the output limit. */
function outputTokensFor(
  { route }: Plan,
  attributes: Attributes,
  features: Features,
  settings: Settings,
  world: World,
): number {
  const median = world.medianOutputTokens.get(routeName(route));
  const limit = attributes.maxOutputTokens ?? settings.maxOutputTokens;
  return Math.min(limit, median ?? Math.ceil(features.contextTokens / 2));
}

function chosen([first, ...rest]: readonly ChainStep[]): DecisionOutcome {
  return first === undefined
    ? { kind: "stopped", stop: { kind: "nobody-eligible" } }
    : { kind: "chosen", chain: [first, ...rest] };
}

/** A model of which nothing is known. */
function unknownCard(ref: ModelRef): ModelCard {
  return {
    ref,
    wireName: ref,
    api: "chat",
    tiers: [],
    capabilities: [],
    samplingParams: true,
    assistantPrefill: false,
    local: false,
  };
}
