/**
 * An amount in nano-dollars (10⁻⁹ USD), a safe integer up to nine million dollars. It is a number instead of a bigint so
 * that JSON, SQLite and the view protocol keep it unchanged. Products of tokens and prices, which may be larger, are
 * computed with BigInt (models/price.ts).
 */
export type NanoUsd = number;

export const NANO_PER_USD = 1_000_000_000;

/** Converts dollars to nano-dollars, rounded to the nearest. */
export function nanoUsd(usd: number): NanoUsd {
  return Math.round(usd * NANO_PER_USD);
}

/** The tokens of a request, as counted by the provider. */
export type Usage = {
  /** All input, including cache reads and cache writes. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Those of `cacheWriteTokens` that stay in the cache for an hour. */
  readonly cacheWrite1hTokens?: number | undefined;
  /** All output, including reasoning. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** Those of input and output that are audio, which has prices of its own. */
  readonly audioTokens?: number | undefined;
  /** The amount that the provider bills, if it reports one (OpenRouter's `usage.cost`). */
  readonly billedUsd?: number | undefined;
  /** The provider's numbers contradict each other, or leave out a charge: a cost from them is an estimate. */
  readonly isUncertain?: true | undefined;
};

/** The cost of an attempt or an answer. Unknown is not zero. */
export type Cost =
  | { readonly kind: "exact"; readonly nanoUsd: NanoUsd }
  /** From tokens counted locally, because the provider did not report its usage, or reported a wrong one. */
  | { readonly kind: "estimated"; readonly nanoUsd: NanoUsd }
  | { readonly kind: "unknown" };
