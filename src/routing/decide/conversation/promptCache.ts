import type { ModelCard } from "../../../contract/model.ts";
import type { NanoUsd } from "../../../contract/money.ts";
import { costOf } from "../../../models/price.ts";
import type { LastAnswer } from "../world.ts";

/**
 * How long a provider keeps a prompt in its cache: 5 minutes from the last use (Anthropic, "Prompt caching", the default;
 * OpenAI, "Prompt caching": "5 to 10 minutes of inactivity").
 */
const CACHE_TTL_MS = 5 * 60_000;

/** The shortest prompt that is cached if the card names none: OpenAI's, and that of most of Anthropic's models. */
const MIN_CACHED_TOKENS = 1024;

export type CacheUse =
  | { readonly kind: "warm"; readonly readTokens: number }
  | { readonly kind: "cold"; readonly reason: "expired" | "no-cache" | "too-short" };

/**
 * How much of a request the conversation's last model is expected to read from its cache: everything that was in the
 * cache at the last answer. A provider that charges for cache writes reports what it wrote; one that caches by itself
 * caches all input. The output of the last answer is not in the cache yet.
 */
export function cacheUseOf(card: ModelCard, last: LastAnswer, inputTokens: number, nowMs: number): CacheUse {
  if (card.cacheReadUsdPerMTok === undefined) return { kind: "cold", reason: "no-cache" };
  if (nowMs - last.atMs > CACHE_TTL_MS) return { kind: "cold", reason: "expired" };
  const cached = chargesForWriting(card) ? (last.cachedTokens ?? last.inputTokens) : last.inputTokens;
  const readTokens = Math.min(cached, inputTokens);
  return readTokens < minCachedTokens(card)
    ? { kind: "cold", reason: "too-short" }
    : { kind: "warm", readTokens };
}

/**
 * The expected cost of an answer that reads part of its input from the cache and, if the card has a price for cache
 * writes, writes the rest to it. Undefined if a price is unknown.
 */
export function costWithCache(
  card: ModelCard,
  inputTokens: number,
  outputTokens: number,
  readTokens: number,
): NanoUsd | undefined {
  const cacheReadTokens = Math.min(readTokens, inputTokens);
  const isWritten = chargesForWriting(card) && inputTokens >= minCachedTokens(card);
  return costOf(card, {
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens: isWritten ? inputTokens - cacheReadTokens : 0,
    reasoningTokens: 0,
  });
}

/** A listed price of zero (DeepSeek's) means that writing is not charged on top, not that the input is free. */
function chargesForWriting({ cacheWriteUsdPerMTok }: ModelCard): boolean {
  return cacheWriteUsdPerMTok !== undefined && cacheWriteUsdPerMTok > 0;
}

function minCachedTokens({ promptCacheMinTokens }: ModelCard): number {
  return promptCacheMinTokens ?? MIN_CACHED_TOKENS;
}
