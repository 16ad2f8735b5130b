import type { ChainStep } from "../../contract/decision.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { unknownCard } from "../../models/catalogue.ts";
import type { ChainEntry } from "../../settings/schema.ts";
import { affordabilityOf } from "./budget.ts";
import { cacheUseOf, costWithCache } from "./conversation/promptCache.ts";
import { type EligibleModel, type Requirements, skippedFor } from "./eligibility.ts";
import type { Plan } from "./plan.ts";
import type { DecisionInput, World } from "./world.ts";

/** The models of a plan, grouped by whether they may be used. Each list keeps the order of the plan. */
export type Evaluation = {
  /** Eligible and within the budget. */
  readonly affordable: readonly ChainStep[];
  /** Eligible apart from the budget. They are part of `skipped` too. */
  readonly overBudget: readonly EligibleModel[];
  readonly skipped: readonly Skipped[];
};

/**
 * Evaluates each model of a plan: whether it is eligible, and whether the budget can afford it.
 * @param outputTokensOf the expected output tokens of a model
 */
export function evaluateCandidates(
  plan: Plan,
  outputTokensOf: (card: ModelCard) => number,
  input: DecisionInput,
): Evaluation {
  const { attributes, settings, world } = input;
  const affordable: ChainStep[] = [];
  const overBudget: EligibleModel[] = [];
  const skipped: Skipped[] = [];
  // A route may list a model twice, for different tiers. The first entry that may be used counts.
  const chosen = new Set<ModelRef>();
  for (const entry of plan.entries) {
    const ref = entry.model;
    if (chosen.has(ref)) continue;
    const result = evaluate(entry, requirementsOf(plan, ref, input), outputTokensOf, input);
    if ("reason" in result) {
      skipped.push(result);
      continue;
    }
    const affordability = affordabilityOf(result.card, attributes, settings, world);
    switch (affordability.kind) {
      case "affordable":
        affordable.push(result.step);
        chosen.add(ref);
        break;
      case "unknown-price":
        skipped.push({ ref, reason: "unknown-price", unboundedCost: affordability.unboundedCost });
        break;
      case "over-budget": {
        const { worstCaseNanoUsd, tightest } = affordability;
        overBudget.push(result);
        skipped.push({
          ref,
          reason: "over-budget",
          worstCaseNanoUsd,
          leftNanoUsd: tightest.leftNanoUsd,
          reservedNanoUsd: tightest.reservedNanoUsd,
          limit: tightest.limit,
        });
      }
    }
  }
  return {
    affordable,
    overBudget: firstOfEach(overBudget, ({ step }) => step.ref, chosen),
    skipped: firstOfEach(withoutOtherReasons(skipped, overBudget), ({ ref }) => ref, chosen),
  };
}

/**
 * All known models that meet the plan's requirements, apart from the budget. `whenExceeded` and the user's budget choices
 * are not limited to the models of the route.
 */
export function eligibleModels(
  plan: Plan,
  outputTokensOf: (card: ModelCard) => number,
  input: DecisionInput,
): readonly EligibleModel[] {
  const eligible: EligibleModel[] = [];
  for (const model of input.world.cards.keys()) {
    const requirements = { ...requirementsOf(plan, model, input), needsPrice: true };
    // The user tiers of the route's entries apply here too.
    const entries = plan.entries.filter((entry) => entry.model === model);
    for (const entry of entries.length === 0 ? [{ model }] : entries) {
      const result = evaluate(entry, requirements, outputTokensOf, input);
      if ("reason" in result) continue;
      eligible.push(result);
      break;
    }
  }
  return eligible;
}

function requirementsOf(plan: Plan, ref: ModelRef, { attributes }: DecisionInput): Requirements {
  const isExplicit = ref === attributes.explicitModel;
  return {
    localOnly: plan.localOnly && !isExplicit,
    needsPrice: plan.pick === "cheapest" || plan.pick === "balanced" || plan.pick === "cascade",
    ignoresBreaker: isExplicit,
    minQuality: isExplicit ? undefined : plan.minQuality,
  };
}

function evaluate(
  entry: ChainEntry,
  requirements: Requirements,
  outputTokensOf: (card: ModelCard) => number,
  input: DecisionInput,
): EligibleModel | Skipped {
  const { features, world } = input;
  const card = world.cards.get(entry.model) ?? unknownCard(entry.model);
  const skipped = skippedFor(entry, card, requirements, input);
  if (skipped !== undefined) return skipped;
  const { contextTokens } = features;
  const expectedOutputTokens = outputTokensOf(card);
  const readTokens = cachedTokensFor(card, contextTokens, world);
  return {
    card,
    step: {
      ref: entry.model,
      expectedNanoUsd: costWithCache(card, contextTokens, expectedOutputTokens, readTokens),
      expectedOutputTokens,
      quality: card.quality?.value,
      qualityBasis: card.quality?.basis,
      qualityError: card.quality?.standardError,
      simulated: card.simulated,
      timeoutMs: entry.timeoutMs,
    },
  };
}

/** Only the conversation's last model has part of the input in its cache. */
function cachedTokensFor(card: ModelCard, inputTokens: number, { conversation, nowMs }: World): number {
  if (conversation === undefined || conversation.ref !== card.ref) return 0;
  const use = cacheUseOf(card, conversation, inputTokens, nowMs);
  return use.kind === "warm" ? use.readTokens : 0;
}

/** Drops the reasons of other entries of models that only the budget excludes. */
function withoutOtherReasons(
  skipped: readonly Skipped[],
  overBudget: readonly EligibleModel[],
): readonly Skipped[] {
  if (overBudget.length === 0) return skipped;
  const refs = new Set(overBudget.map(({ step }) => step.ref));
  return skipped.filter(({ ref, reason }) => reason === "over-budget" || !refs.has(ref));
}

/** The first item of each model that is not among `excluded`. */
function firstOfEach<T>(
  items: readonly T[],
  refOf: (item: T) => ModelRef,
  excluded: ReadonlySet<ModelRef>,
): readonly T[] {
  if (items.length === 0) return items;
  const seen = new Set(excluded);
  return items.filter((item) => {
    const ref = refOf(item);
    if (seen.has(ref)) return false;
    seen.add(ref);
    return true;
  });
}
