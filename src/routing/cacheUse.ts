import type { ModelCard, ModelRef } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import { costOf } from "../models/price.ts";

/** The last answer of a conversation, as far as its model's prompt cache goes. */
export type LastAnswer = {
  /** Who gave it. */
  readonly ref: ModelRef;
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the provider said that it read from and wrote to its cache; left out where it told nothing. */
  readonly cachedTokens?: number;
};

/**
 * How long a provider keeps a prompt: 5 minutes from its last use (Anthropic, "Prompt caching", the default; OpenAI,
 * "Prompt caching": "5 to 10 minutes of inactivity").
 */
export const CACHE_TTL_MS = 5 * 60_000;

/** The shortest prompt that is cached where the card does not say: OpenAI's, and most of Anthropic's models'. */
const LEAST_CACHED_TOKENS = 1024;

export type CacheUse =
  | { readonly kind: "warm"; readonly readTokens: number }
  | { readonly kind: "cold"; readonly reason: "expired" | "no-cache" | "too-short" };

/**
 * What of a request its conversation's last model is expected to read from its cache: all that was there at the last
 * answer. Where writing is paid for the provider tells what was written; where caching goes by itself it is all that
 * was sent. What the model answered is in no cache yet.
 */
export function cacheUseOf(
  card: ModelCard,
  last: LastAnswer,
  inputTokens: number,
  nowMs: number,
  ttlMs: number = CACHE_TTL_MS,
): CacheUse {
  if (card.cacheReadUsdPerMTok === undefined) return { kind: "cold", reason: "no-cache" };
  if (nowMs - last.atMs > ttlMs) return { kind: "cold", reason: "expired" };
  const cached = paysForWriting(card) ? (last.cachedTokens ?? last.inputTokens) : last.inputTokens;
  const readTokens = Math.min(cached, inputTokens);
  return readTokens < leastCached(card)
    ? { kind: "cold", reason: "too-short" }
    : { kind: "warm", readTokens };
}

/**
 * What an answer is expected to cost when so much of its input is read from the cache, and the rest written to it where
 * the model's card has a price for that. Undefined where a price is not known.
 */
export function costWithCache(
  card: ModelCard,
  inputTokens: number,
  outputTokens: number,
  readTokens: number,
): NanoUsd | undefined {
  const cacheReadTokens = Math.min(readTokens, inputTokens);
  const isWritten = paysForWriting(card) && inputTokens >= leastCached(card);
  return costOf(card, {
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens: isWritten ? inputTokens - cacheReadTokens : 0,
    reasoningTokens: 0,
  });
}

/** A price of zero for writing (DeepSeek's in the list) says that it is not charged on top, not that input is free. */
function paysForWriting({ cacheWriteUsdPerMTok }: ModelCard): boolean {
  return cacheWriteUsdPerMTok !== undefined && cacheWriteUsdPerMTok > 0;
}

function leastCached({ promptCacheMinTokens }: ModelCard): number {
  return promptCacheMinTokens ?? LEAST_CACHED_TOKENS;
}
