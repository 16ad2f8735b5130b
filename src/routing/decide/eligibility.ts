import type { ChainStep, Decision } from "../../contract/decision.ts";
import type { Features } from "../../contract/features.ts";
import type { SubjectHealth } from "../../contract/health.ts";
import { type Capability, type ModelCard, type ModelRef, splitRef } from "../../contract/model.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { isOpen, nextTryAtMs } from "../../ledger/breaker.ts";
import type { ChainEntry } from "../../settings/schema.ts";
import type { DecisionInput, World } from "./world.ts";

/** A model that may be used if the budget can afford it. */
export type EligibleModel = { readonly step: ChainStep; readonly card: ModelCard };

/** What a route requires of a model, beyond what the request needs. */
export type Requirements = {
  readonly minQuality?: number | undefined;
  readonly localOnly: boolean;
  /** The pick compares prices, so a model without a price cannot take part. */
  readonly needsPrice: boolean;
  /** A model that the user picked is tried once even if its breaker is open. */
  readonly ignoresBreaker: boolean;
};

/** What the checks of a model depend on, besides the model and the route. */
export type SkipInput = Pick<DecisionInput, "attributes" | "world"> & {
  readonly features: Pick<Features, "contextTokens">;
};

/** Why a model of a decision's chain is skipped now, by the rules of `skippedFor`. Called before each step of the chain. */
export function recheck(
  ref: ModelRef,
  card: ModelCard,
  { attributes, features }: Pick<Decision, "attributes" | "features">,
  world: World,
): Skipped | undefined {
  const requirements: Requirements = {
    localOnly: false,
    needsPrice: false,
    ignoresBreaker: ref === attributes.explicitModel,
  };
  return skippedFor({ model: ref }, card, requirements, { attributes, features, world });
}

/**
 * Why a model is skipped for this request, or undefined if it is eligible. The budget is checked separately (budget.ts),
 * because `whenExceeded` may still choose a model that the budget cannot afford.
 */
export function skippedFor(
  entry: ChainEntry,
  card: ModelCard,
  requirements: Requirements,
  { attributes, features, world }: SkipInput,
): Skipped | undefined {
  const ref = entry.model;
  const { provider } = splitRef(ref);
  const state = world.providers.get(provider);
  if (state?.problem !== undefined) return { ref, reason: "invalid-provider", problem: state.problem };
  if (state === undefined || !state.usable) {
    return { ref, reason: "no-key", provider: state?.name ?? provider };
  }
  const modelHealth = world.health.get(ref);
  if (modelHealth?.switchedOff === true) return { ref, reason: "switched-off" };
  const unhealthy =
    unhealthyFor(ref, "model", modelHealth, world.nowMs) ??
    unhealthyFor(ref, "provider", world.health.get(provider), world.nowMs);
  if (unhealthy !== undefined && !(requirements.ignoresBreaker && unhealthy.reason === "breaker-open")) {
    return unhealthy;
  }
  const { maxInputTokens } = card;
  if (maxInputTokens !== undefined && features.contextTokens > maxInputTokens) {
    return { ref, reason: "context-window", tokens: features.contextTokens, maxInputTokens };
  }
  const missing = missingCapability(attributes.needs, card, world.lacking?.get(ref));
  if (missing !== undefined) return { ref, reason: "capability", missing };
  if (entry.userTier !== undefined && !entry.userTier.includes(attributes.userTier)) {
    return { ref, reason: "tier", tiers: entry.userTier };
  }
  if ((attributes.isPrivate || requirements.localOnly) && !card.local) return { ref, reason: "private" };
  const { minQuality } = requirements;
  if (minQuality !== undefined) {
    const { value: quality, basis: qualityBasis, standardError: qualityError } = card.quality ?? {};
    if (quality === undefined || quality < minQuality) {
      return { ref, reason: "below-min-quality", quality, qualityBasis, qualityError, minQuality };
    }
  }
  return requirements.needsPrice && !hasPrice(card) ? { ref, reason: "unknown-price" } : undefined;
}

/** Whether both input and output have a price. The price of a local model is zero. */
export function hasPrice(card: ModelCard): boolean {
  return card.local || (card.inputUsdPerMTok !== undefined && card.outputUsdPerMTok !== undefined);
}

function unhealthyFor(
  ref: ModelRef,
  by: "model" | "provider",
  health: SubjectHealth | undefined,
  nowMs: number,
): Skipped | undefined {
  if (health === undefined) return undefined;
  const { breaker, pause } = health;
  if (isOpen(breaker, nowMs)) {
    const { failures } = breaker;
    return { ref, reason: "breaker-open", failures, nextTryAtMs: nextTryAtMs(breaker, nowMs), by };
  }
  if (pause?.kind === "until" && pause.untilMs > nowMs) {
    return { ref, reason: pause.reason, untilMs: pause.untilMs };
  }
  return pause?.kind === "unchanged" ? { ref, reason: pause.reason } : undefined;
}

function missingCapability(
  needs: readonly Capability[],
  card: ModelCard,
  lacking: readonly Capability[] = [],
): Capability | "chat completions" | undefined {
  if (card.api !== "chat") return "chat completions";
  return needs.find((need) => !card.capabilities.includes(need) || lacking.includes(need));
}
