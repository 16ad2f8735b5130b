import type { ModelCard } from "../contract/model.ts";
import type { Cost, NanoUsd, Usage } from "../contract/money.ts";
import { costOf } from "../models/price.ts";

/** What a call of a model costs: the provider's own count of tokens makes it exact, ours an estimate. */
export function charge(card: ModelCard, usage: Usage, kind: "exact" | "estimated"): Cost {
  if (card.simulated === true) return { kind: "exact", nanoUsd: 0 };
  const nanoUsd = costOf(card, usage);
  return nanoUsd === undefined ? { kind: "unknown" } : { kind: nanoUsd === 0 ? "exact" : kind, nanoUsd };
}

/** What several attempts cost together. One unknown makes the sum unknown, one estimate an estimate. */
export function sumOf(costs: readonly Cost[]): Cost {
  let nanoUsd: NanoUsd = 0;
  let kind: "exact" | "estimated" = "exact";
  for (const cost of costs) {
    if (cost.kind === "unknown") return cost;
    nanoUsd += cost.nanoUsd;
    if (cost.kind === "estimated") kind = "estimated";
  }
  return { kind, nanoUsd };
}

/** How far our count of tokens can be too low: 12 % for JSON, less for everything else (measured against o200k). */
const ERROR_FACTOR = 1.15;

/**
 * Usage as it is counted here, where the provider did not get to tell it. It errs high: what an estimate leaves free,
 * others spend at once.
 */
export function estimatedUsage(card: ModelCard, inputTokens: number, outputTokens: number): Usage {
  const input = Math.ceil(inputTokens * ERROR_FACTOR);
  const writesCache = (card.cacheWriteUsdPerMTok ?? 0) > (card.inputUsdPerMTok ?? 0);
  return {
    inputTokens: input,
    outputTokens: Math.ceil(outputTokens * ERROR_FACTOR),
    cacheReadTokens: 0,
    // Where writing into the prompt cache costs extra, all of it may have been written.
    cacheWriteTokens: writesCache ? input : 0,
    reasoningTokens: 0,
  };
}
