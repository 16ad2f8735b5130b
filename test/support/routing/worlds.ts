import type { Attributes } from "../../../src/contract/decision.ts";
import type { ComplexityLevel, Features } from "../../../src/contract/features.ts";
import type { SubjectHealth } from "../../../src/contract/health.ts";
import { type ModelCard, type ModelRef, splitRef } from "../../../src/contract/model.ts";
import type { World } from "../../../src/routing/decide/world.ts";

/** A card of a hosted chat model, with these properties replaced. */
export function card(ref: ModelRef, known: Partial<ModelCard> = {}): ModelCard {
  return {
    ref,
    wireName: splitRef(ref).model,
    api: "chat",
    tiers: [],
    capabilities: ["tools"],
    samplingParams: true,
    assistantPrefill: false,
    local: false,
    inputUsdPerMTok: 1,
    outputUsdPerMTok: 5,
    maxInputTokens: 200_000,
    maxOutputTokens: 32_000,
    quality: { value: 0.7, basis: "estimate" },
    ...known,
  };
}

/** A world in which every provider of the cards is usable and healthy, without a budget. */
export function world(cards: readonly ModelCard[], known: Partial<World> = {}): World {
  const providers = new Map(
    cards.map(({ ref, local }) => {
      const id = splitRef(ref).provider;
      return [id, { name: id, usable: true, local }] as const;
    }),
  );
  return {
    nowMs: 1_000_000,
    cards: new Map(cards.map((each) => [each.ref, each])),
    providers,
    pool: cards.map(({ ref }) => ref),
    localModels: cards.filter(({ local }) => local).map(({ ref }) => ref),
    health: new Map(),
    answers: [],
    ...known,
  };
}

export function attributes(known: Partial<Attributes> = {}): Attributes {
  return {
    paths: [],
    needs: [],
    userTier: "standard",
    user: "u",
    isPrivate: false,
    inputBoundTokens: 1000,
    images: 0,
    requestId: "d",
    attachedNew: false,
    ...known,
  };
}

export function features(level: ComplexityLevel = "low", known: Partial<Features> = {}): Features {
  const score = { low: 0.1, medium: 0.5, high: 0.8 }[level];
  return {
    complexity: { level, score, reason: { kind: "length", characters: 100 } },
    contextTokens: 200,
    keywords: [],
    followUp: false,
    cached: false,
    ...known,
  };
}

export function health(known: Partial<SubjectHealth> = {}): SubjectHealth {
  return { breaker: { kind: "closed", failures: 0 }, switchedOff: false, ...known };
}
