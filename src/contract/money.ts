/**
 * An amount in nano-dollars (10⁻⁹ USD): always a safe integer, which reaches to nine million dollars. It is a number
 * and not a bigint so that it passes through JSON, SQLite and the view unchanged; products of tokens and prices, which
 * may be larger, are computed in BigInt (models/price.ts).
 */
export type NanoUsd = number;

export const NANO_PER_USD = 1_000_000_000;

/** Nano-dollars of an amount in dollars as a person writes it, rounded to the nearest. */
export function nanoUsd(usd: number): NanoUsd {
  return Math.round(usd * NANO_PER_USD);
}

/** Tokens that a request used, as the provider counts them. */
export type Usage = {
  /** All input, cached reads and cache writes included. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** All output, reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** What the provider says that it bills, where it does (OpenRouter's `usage.cost`). */
  readonly billedUsd?: number;
};

/** What an attempt or an answer cost. Unknown is not zero. */
export type Cost =
  | { readonly kind: "exact"; readonly nanoUsd: NanoUsd }
  /** From tokens counted here: the answer was stopped or torn before the provider told its usage. */
  | { readonly kind: "estimated"; readonly nanoUsd: NanoUsd }
  | { readonly kind: "unknown" };
