import { isRecord } from "../../base/isRecord.ts";
import type { Usage } from "../../contract/money.ts";
import { type Json, recordAt } from "../json.ts";

/** More tokens than any single answer can have: a larger number is wrong. */
const MAX_TOKENS = 100_000_000;
/** More dollars than any single answer can cost. */
const MAX_BILLED_USD = 10_000;

/**
 * The usage of a chat completion; undefined if a number in it is impossible. The output includes tokens that only
 * `total_tokens` contains: Google's and xAI's thinking, which is billed as output. Cached tokens are read from
 * OpenAI's, DeepSeek's or Moonshot's field.
 */
export function openaiUsage(value: unknown): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const prompt = recordAt(value, "prompt_tokens_details") ?? {};
  const completion = recordAt(value, "completion_tokens_details") ?? {};
  const inputTokens = tokens(value["prompt_tokens"]);
  const completionTokens = tokens(value["completion_tokens"] ?? 0);
  const total = tokens(value["total_tokens"] ?? 0);
  const cacheReadTokens = tokens(
    prompt["cached_tokens"] ?? value["prompt_cache_hit_tokens"] ?? value["cached_tokens"] ?? 0,
  );
  const cacheWriteTokens = tokens(prompt["cache_write_tokens"] ?? 0);
  const reasoningTokens = tokens(completion["reasoning_tokens"] ?? 0);
  if (
    inputTokens === undefined ||
    completionTokens === undefined ||
    total === undefined ||
    cacheReadTokens === undefined ||
    cacheWriteTokens === undefined ||
    reasoningTokens === undefined
  ) {
    return undefined;
  }
  const outputTokens = Math.max(completionTokens, total - inputTokens);
  if (cacheReadTokens + cacheWriteTokens > inputTokens || reasoningTokens > outputTokens) return undefined;
  return {
    inputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens,
    billedUsd: dollars(value["cost"]),
  };
}

/**
 * The usage of a message of Anthropic's; undefined if a number in it is impossible. A stream reports numbers twice, and
 * the later one counts.
 * @param started the usage in `message_start`
 * @param ended the usage in `message_delta`: cumulative, without some of the numbers in `message_start`
 */
export function anthropicUsage(started: Json | undefined, ended: Json | undefined): Usage | undefined {
  const latest = (name: string): unknown => ended?.[name] ?? started?.[name] ?? 0;
  const uncached = tokens(latest("input_tokens"));
  const cacheReadTokens = tokens(latest("cache_read_input_tokens"));
  const cacheWriteTokens = tokens(latest("cache_creation_input_tokens"));
  const outputTokens = tokens(latest("output_tokens"));
  const details = latest("output_tokens_details");
  const reasoningTokens = tokens(isRecord(details) ? (details["thinking_tokens"] ?? 0) : 0);
  if (
    uncached === undefined ||
    cacheReadTokens === undefined ||
    cacheWriteTokens === undefined ||
    outputTokens === undefined ||
    reasoningTokens === undefined ||
    reasoningTokens > outputTokens
  ) {
    return undefined;
  }
  return {
    inputTokens: uncached + cacheReadTokens + cacheWriteTokens,
    cacheReadTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens,
  };
}

function tokens(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS
    ? value
    : undefined;
}

function dollars(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= MAX_BILLED_USD ? value : undefined;
}
