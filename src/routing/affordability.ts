import type { Attributes } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import { worstCaseOf } from "../models/price.ts";
import { imageBound } from "../models/tokens.ts";
import type { BudgetState } from "./world.ts";

/** An answer shorter than this helps nobody: a model that cannot be paid this much is not asked. */
export const LEAST_OUTPUT_TOKENS = 1024;

export type Affordability =
  | { readonly kind: "carried" }
  | { readonly kind: "over-budget"; readonly worstCaseNanoUsd: NanoUsd }
  | { readonly kind: "unknown-price" };

/**
 * Whether what is left of the budget carries a model: the input at its upper bound and dearest price, and 1,024 output
 * tokens (or the limit asked for, if less). What others hold does not count here, only when reserving.
 */
export function affordabilityOf(
  card: ModelCard,
  attributes: Attributes,
  budget: BudgetState | undefined,
): Affordability {
  if (budget === undefined || isFree(card)) return { kind: "carried" };
  const output = Math.min(LEAST_OUTPUT_TOKENS, attributes.maxOutputTokens ?? LEAST_OUTPUT_TOKENS);
  const worstCaseNanoUsd = mostCostOf(card, attributes, output);
  if (worstCaseNanoUsd === undefined) return { kind: "unknown-price" };
  return worstCaseNanoUsd <= budget.leftNanoUsd
    ? { kind: "carried" }
    : { kind: "over-budget", worstCaseNanoUsd };
}

/** More tokens than the input can have with a model; undefined where that is not known of its images. */
export function inputBoundFor(card: ModelCard, { inputBoundTokens, images }: Attributes): number | undefined {
  const ofImages = imageBound(images, card.ref);
  return ofImages === undefined ? undefined : inputBoundTokens + ofImages;
}

/** The most that a call can cost with an output limit; undefined where a price or the images' size is not known. */
export function mostCostOf(
  card: ModelCard,
  attributes: Attributes,
  outputTokens: number,
): NanoUsd | undefined {
  if (isFree(card)) return 0;
  const input = inputBoundFor(card, attributes);
  return input === undefined ? undefined : worstCaseOf(card, input, outputTokens);
}

/** True where an answer costs nothing, whatever its length. */
export function isFree(card: ModelCard): boolean {
  return card.local || card.simulated === true || (card.inputUsdPerMTok === 0 && card.outputUsdPerMTok === 0);
}
