import type { Attributes } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import { affordableOutputTokens } from "../models/price.ts";
import { inputBoundFor, MIN_OUTPUT_TOKENS, maxCostOf } from "../routing/decide/budget.ts";
import type { Settings } from "../settings/schema.ts";

/** What an attempt may cost at most. Where no price is known nothing is held: a budget would have passed the model over. */
export type Worth = {
  readonly outputTokens: number;
  /** With the whole of the output limit. */
  readonly wantNanoUsd: NanoUsd;
  /** With the shortest answer that helps anybody. */
  readonly needNanoUsd: NanoUsd;
  /** The input alone. */
  readonly sentNanoUsd: NanoUsd;
};

/** The least of what is asked for, the card's limit and `switchyard.maxOutputTokens`, and what that may cost. */
export function worthOf(card: ModelCard, attributes: Attributes, settings: Settings): Worth {
  const asked = attributes.maxOutputTokens ?? settings.maxOutputTokens;
  const outputTokens = Math.min(asked, card.maxOutputTokens ?? asked);
  const mostCost = (tokens: number) => maxCostOf(card, attributes, tokens) ?? 0;
  return {
    outputTokens,
    wantNanoUsd: mostCost(outputTokens),
    needNanoUsd: mostCost(Math.min(outputTokens, MIN_OUTPUT_TOKENS)),
    sentNanoUsd: mostCost(0),
  };
}

/** The output limit that the money held pays for. */
export function outputLimitFor(
  card: ModelCard,
  attributes: Attributes,
  worth: Worth,
  heldNanoUsd: NanoUsd,
): number {
  const input = inputBoundFor(card, attributes);
  if (heldNanoUsd >= worth.wantNanoUsd || input === undefined) return worth.outputTokens;
  return Math.min(worth.outputTokens, affordableOutputTokens(card, input, heldNanoUsd));
}
