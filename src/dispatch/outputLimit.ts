import type { Attributes } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import { affordableOutputTokens, worstCaseOf } from "../models/price.ts";
import { isFree, LEAST_OUTPUT_TOKENS } from "../routing/affordability.ts";
import type { Settings } from "../settings/schema.ts";

/** What an attempt may cost: to be held before it, from the whole of the output limit down to the least that makes sense. */
export type Worth = {
  readonly outputTokens: number;
  readonly wantNanoUsd: NanoUsd;
  readonly needNanoUsd: NanoUsd;
};

/** The least of what is asked for, the card's limit and `switchyard.maxOutputTokens`, and what that may cost. */
export function worthOf(card: ModelCard, attributes: Attributes, settings: Settings): Worth {
  const asked = attributes.maxOutputTokens ?? settings.maxOutputTokens;
  const outputTokens = Math.min(asked, card.maxOutputTokens ?? asked);
  const least = Math.min(outputTokens, LEAST_OUTPUT_TOKENS);
  const costOf = (tokens: number) =>
    isFree(card) ? 0 : (worstCaseOf(card, attributes.inputBoundTokens, tokens) ?? 0);
  return { outputTokens, wantNanoUsd: costOf(outputTokens), needNanoUsd: costOf(least) };
}

/** The output limit that the money held pays for. */
export function outputLimitFor(
  card: ModelCard,
  attributes: Attributes,
  worth: Worth,
  heldNanoUsd: NanoUsd,
): number {
  if (heldNanoUsd >= worth.wantNanoUsd) return worth.outputTokens;
  return Math.min(worth.outputTokens, affordableOutputTokens(card, attributes.inputBoundTokens, heldNanoUsd));
}
