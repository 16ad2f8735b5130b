import type { Attributes, Skipped } from "../contract/decision.ts";
import type { Features } from "../contract/features.ts";
import type { SubjectHealth } from "../contract/health.ts";
import { type Capability, type ModelCard, splitRef } from "../contract/model.ts";
import { isOpen, nextTryAtMs } from "../ledger/breaker.ts";
import type { ChainEntry } from "../settings/schema.ts";
import type { World } from "./world.ts";

/** What a route asks of a candidate beyond the request. */
export type Demands = {
  readonly minQuality?: number;
  readonly localOnly: boolean;
  /** The pick compares prices, so a candidate without one cannot take part. */
  readonly needsPrice: boolean;
  /** An explicit choice is tried once in spite of an open breaker. */
  readonly passesBreaker: boolean;
};

/**
 * Why a model is passed over for this request, or undefined where it may be asked. The budget is looked at apart
 * (affordability.ts), since what does not fit it may still be chosen by `whenExceeded`.
 */
export function passedOverFor(
  entry: ChainEntry,
  card: ModelCard,
  demands: Demands,
  attributes: Attributes,
  features: Features,
  world: World,
): Skipped | undefined {
  const ref = entry.model;
  const provider = splitRef(ref).provider;
  const state = world.providers.get(provider);
  if (state === undefined || !state.usable)
    return { ref, reason: "no-key", provider: state?.name ?? provider };
  const model = world.health.get(ref);
  if (model?.switchedOff === true) return { ref, reason: "switched-off" };
  const unhealthy = unhealthyFor(ref, model, world.health.get(provider), world.nowMs);
  if (unhealthy !== undefined && !(demands.passesBreaker && unhealthy.reason === "breaker-open"))
    return unhealthy;
  if (card.maxInputTokens !== undefined && features.contextTokens > card.maxInputTokens) {
    return {
      ref,
      reason: "context-window",
      tokens: features.contextTokens,
      maxInputTokens: card.maxInputTokens,
    };
  }
  const missing = missingCapability(attributes.needs, card);
  if (missing !== undefined) return { ref, reason: "capability", missing };
  if (entry.userTier !== undefined && !entry.userTier.includes(attributes.userTier)) {
    return { ref, reason: "tier", tiers: entry.userTier };
  }
  if ((attributes.isPrivate || demands.localOnly) && !card.local) return { ref, reason: "private" };
  if (demands.minQuality !== undefined) {
    const quality = card.quality?.value;
    if (quality === undefined || quality < demands.minQuality) {
      const has = quality === undefined ? {} : { quality };
      return { ref, reason: "below-min-quality", ...has, minQuality: demands.minQuality };
    }
  }
  if (demands.needsPrice && !hasPrice(card)) return { ref, reason: "unknown-price" };
  return undefined;
}

/** True where both what goes in and what comes out have a price (a local model's is zero). */
function hasPrice(card: ModelCard): boolean {
  return card.local || (card.inputUsdPerMTok !== undefined && card.outputUsdPerMTok !== undefined);
}

function unhealthyFor(
  ref: string,
  model: SubjectHealth | undefined,
  provider: SubjectHealth | undefined,
  nowMs: number,
): Skipped | undefined {
  for (const [by, health] of [
    ["model", model],
    ["provider", provider],
  ] as const) {
    if (health === undefined) continue;
    const { breaker } = health;
    if (isOpen(breaker, nowMs)) {
      const { failures } = breaker;
      return { ref, reason: "breaker-open", failures, nextTryAtMs: nextTryAtMs(breaker, nowMs), by };
    }
    const { pause: block } = health;
    if (block?.kind === "until" && block.untilMs > nowMs) {
      return { ref, reason: block.reason, untilMs: block.untilMs };
    }
    if (block?.kind === "unchanged") return { ref, reason: block.reason };
  }
  return undefined;
}

function missingCapability(
  needs: readonly Capability[],
  card: ModelCard,
): Capability | "chat completions" | undefined {
  if (card.api !== "chat") return "chat completions";
  return needs.find((need) => !card.capabilities.includes(need));
}
