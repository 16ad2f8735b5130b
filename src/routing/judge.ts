import type { Attributes, ChainStep, Skipped } from "../contract/decision.ts";
import type { Features } from "../contract/features.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import type { ChainEntry, Settings } from "../settings/schema.ts";
import { affordabilityOf } from "./affordability.ts";
import { cacheUseOf, costWithCache } from "./cacheUse.ts";
import { type Demands, passedOverFor } from "./eligibility.ts";
import type { Plan } from "./plan.ts";
import type { World } from "./world.ts";

/** What is decided about: one request against one world. */
export type Question = {
  readonly attributes: Attributes;
  readonly features: Features;
  readonly settings: Settings;
  readonly world: World;
};

/** An eligible model, the budget left aside. */
export type Considered = { readonly step: ChainStep; readonly card: ModelCard };

/** A plan's models, sorted by whether they may be asked. Each list keeps the plan's order. */
export type Judgement = {
  /** Eligible, and the budget carries them. */
  readonly carried: readonly ChainStep[];
  /** Eligible but for the budget; in `passedOver` too. */
  readonly tooDear: readonly Considered[];
  readonly passedOver: readonly Skipped[];
};

/** Looks at every model of a plan: who is eligible, and whom of them the budget carries. */
export function judge(plan: Plan, expectedOutputTokens: number, question: Question): Judgement {
  const { attributes, world } = question;
  const carried: ChainStep[] = [];
  const tooDear: Considered[] = [];
  const passedOver: Skipped[] = [];
  for (const entry of plan.entries) {
    const result = consider(entry, demandsOf(plan, entry, attributes), expectedOutputTokens, question);
    if ("reason" in result) {
      passedOver.push(result);
      continue;
    }
    const { ref } = result.step;
    const afford = affordabilityOf(result.card, attributes, world.budget);
    if (afford.kind === "carried") carried.push(result.step);
    else if (afford.kind === "unknown-price") passedOver.push({ ref, reason: "unknown-price" });
    else {
      const { worstCaseNanoUsd } = afford;
      const leftNanoUsd = world.budget?.leftNanoUsd ?? 0;
      tooDear.push(result);
      passedOver.push({ ref, reason: "over-budget", worstCaseNanoUsd, leftNanoUsd });
    }
  }
  // A route may name a model twice, for different tiers: it is asked once, and passed over only where no entry fits.
  const asked = onceEach(carried, ({ ref }) => ref);
  const refs = new Set(asked.map(({ ref }) => ref));
  return {
    carried: asked,
    tooDear: onceEach(tooDear, ({ step }) => step.ref).filter(({ step }) => !refs.has(step.ref)),
    passedOver: onceEach(passedOver, ({ ref }) => ref).filter(({ ref }) => !refs.has(ref)),
  };
}

function onceEach<T>(items: readonly T[], refOf: (item: T) => ModelRef): readonly T[] {
  const seen = new Set<ModelRef>();
  return items.filter((item) => {
    const isNew = !seen.has(refOf(item));
    seen.add(refOf(item));
    return isNew;
  });
}

/** Every known model that is eligible under the plan's demands, the budget left aside: ways out may lie outside the route. */
export function everybody(
  plan: Plan,
  expectedOutputTokens: number,
  question: Question,
): readonly Considered[] {
  return [...question.world.cards.keys()].flatMap((model) => {
    const demands = { ...demandsOf(plan, { model }, question.attributes), needsPrice: true };
    // A step's tiers hold for its model here too.
    const steps = plan.entries.filter((entry) => entry.model === model);
    for (const entry of steps.length === 0 ? [{ model }] : steps) {
      const result = consider(entry, demands, expectedOutputTokens, question);
      if (!("reason" in result)) return [result];
    }
    return [];
  });
}

function demandsOf(plan: Plan, { model }: ChainEntry, { explicitModel }: Attributes): Demands {
  const isExplicit = model === explicitModel;
  return {
    localOnly: plan.localOnly && !isExplicit,
    needsPrice: plan.pick === "cheapest" || plan.pick === "balanced",
    passesBreaker: isExplicit,
    ...(plan.minQuality === undefined || isExplicit ? {} : { minQuality: plan.minQuality }),
  };
}

function consider(
  entry: ChainEntry,
  demands: Demands,
  expectedOutputTokens: number,
  { attributes, features, world }: Question,
): Considered | Skipped {
  const card = world.cards.get(entry.model) ?? unknownCard(entry.model);
  const passed = passedOverFor(entry, card, demands, attributes, features, world);
  if (passed !== undefined) return passed;
  const cached = cachedTokensFor(card, features.contextTokens, world);
  const expectedNanoUsd = costWithCache(card, features.contextTokens, expectedOutputTokens, cached);
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

/** What the conversation's last model is expected to read from its cache; nobody else has anything there. */
function cachedTokensFor(card: ModelCard, inputTokens: number, { conversation, nowMs }: World): number {
  if (conversation === undefined || conversation.ref !== card.ref) return 0;
  const use = cacheUseOf(card, conversation, inputTokens, nowMs);
  return use.kind === "warm" ? use.readTokens : 0;
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
