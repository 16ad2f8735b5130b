import { isRecord } from "../../base/isRecord.ts";
import type { Usage } from "../../contract/money.ts";
import { isListedTier } from "../../models/price.ts";
import { type Json, recordAt } from "../json.ts";

/** More tokens than any single answer can have: a larger number is wrong. */
const MAX_TOKENS = 100_000_000;
/** More dollars than any single answer can cost. */
const MAX_BILLED_USD = 10_000;
/** xAI's unit of costs: https://docs.x.ai/developers/cost-tracking */
const TICKS_PER_USD = 1e10;

/**
 * Joins two reports of the usage of one answer. Each is a running total, which cannot fall, so the larger of two numbers
 * counts. Null is no number.
 */
export function joinedUsage(earlier: Json | undefined, later: Json | undefined): Json | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  const joined: Record<string, unknown> = { ...earlier };
  for (const [name, value] of Object.entries(later)) {
    const before = earlier[name];
    if (typeof before === "number" && typeof value === "number") joined[name] = Math.max(before, value);
    else if (isRecord(before) && isRecord(value)) joined[name] = joinedUsage(before, value);
    else joined[name] = value ?? before;
  }
  return joined;
}

/**
 * The usage of a chat completion; undefined if its tokens of prompt or completion are impossible. Cached tokens are read from the fields of
 * OpenAI, DeepSeek, Moonshot and Anthropic. The usage is uncertain if its numbers contradict each other; they are then
 * read so that the cost is the higher one.
 * @param serviceTier the tier in the response, if it has one
 */
export function openaiUsage(value: unknown, serviceTier = "default"): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const prompt = recordAt(value, "prompt_tokens_details") ?? {};
  const completion = recordAt(value, "completion_tokens_details") ?? {};
  const counts = new Counts();
  const promptTokens = counts.required(value["prompt_tokens"]);
  const completionTokens = counts.read(value["completion_tokens"]);
  if (!counts.areValid) return undefined;
  // An impossible detail counts as zero, so that its tokens have the price of all others.
  const details = new Counts();
  const total = details.read(value["total_tokens"]);
  const reasoningTokens = details.read(completion["reasoning_tokens"]);
  const cacheReadTokens = details.read(
    prompt["cached_tokens"] ??
      value["prompt_cache_hit_tokens"] ??
      value["cached_tokens"] ??
      value["cache_read_input_tokens"],
  );
  const writes = cacheWrites(
    details,
    prompt["cache_write_tokens"] ??
      prompt["cache_creation_tokens"] ??
      prompt["cache_creation_input_tokens"] ??
      value["cache_creation_input_tokens"],
    recordAt(value, "cache_creation") ?? recordAt(prompt, "cache_creation"),
  );
  const audioTokens = details.read(prompt["audio_tokens"]) + details.read(completion["audio_tokens"]);

  // Some servers count cached tokens beside the prompt's, as Anthropic does, instead of among them.
  const cached = cacheReadTokens + writes.cacheWriteTokens;
  const isBesideByTotal = cached > 0 && total === promptTokens + cached + completionTokens;
  const isBeside = isBesideByTotal || cached > promptTokens;
  const inputTokens = isBeside ? promptTokens + cached : promptTokens;
  // Google and xAI leave thinking, which is billed as output, out of the completion, but not out of the total.
  const answered = Math.max(completionTokens, total - inputTokens);
  const isReasoningBeside = reasoningTokens > answered;
  const billed = billedUsd(value);
  const isContradictory = !details.areValid || (isBeside && !isBesideByTotal) || isReasoningBeside;
  const isPriced = billed !== undefined || (isListedTier(serviceTier) && !isContradictory);
  return {
    inputTokens,
    cacheReadTokens,
    ...writes,
    outputTokens: isReasoningBeside ? answered + reasoningTokens : answered,
    reasoningTokens,
    audioTokens: audioTokens === 0 ? undefined : audioTokens,
    billedUsd: billed === "unknown" ? undefined : billed,
    isUncertain: !isPriced || billed === "unknown" || undefined,
  };
}

/**
 * The usage of a message of Anthropic's; undefined if a number in it is impossible. A stream reports numbers twice.
 * @param started the usage in `message_start`
 * @param ended the usage in `message_delta`: cumulative, without some of the numbers in `message_start`
 */
export function anthropicUsage(started: Json | undefined, ended: Json | undefined): Usage | undefined {
  const usage = joinedUsage(started, ended) ?? {};
  const counts = new Counts();
  const uncached = counts.read(usage["input_tokens"]);
  const cacheReadTokens = counts.read(usage["cache_read_input_tokens"]);
  const writes = cacheWrites(counts, usage["cache_creation_input_tokens"], recordAt(usage, "cache_creation"));
  const outputTokens = counts.read(usage["output_tokens"]);
  const reasoningTokens = counts.read(recordAt(usage, "output_tokens_details")?.["thinking_tokens"]);
  // Tools that run at the provider have fees of their own.
  const serverTools = Object.values(recordAt(usage, "server_tool_use") ?? {});
  if (!counts.areValid || reasoningTokens > outputTokens) return undefined;
  return {
    inputTokens: uncached + cacheReadTokens + writes.cacheWriteTokens,
    cacheReadTokens,
    ...writes,
    outputTokens,
    reasoningTokens,
    isUncertain: serverTools.some((times) => times !== 0 && times !== null) || undefined,
  };
}

/** Tokens written to a cache, and those of them that stay there for an hour, which cost more. */
function cacheWrites(
  counts: Counts,
  total: unknown,
  byDuration: Json | undefined,
): Pick<Usage, "cacheWriteTokens" | "cacheWrite1hTokens"> {
  const hour = counts.read(byDuration?.["ephemeral_1h_input_tokens"]);
  const minutes = counts.read(byDuration?.["ephemeral_5m_input_tokens"]);
  return {
    cacheWriteTokens: Math.max(counts.read(total), hour + minutes),
    cacheWrite1hTokens: hour === 0 ? undefined : hour,
  };
}

/**
 * The amount that the provider bills; undefined if it reports none. Perplexity's is an object with a total, and xAI's is
 * in ticks. With a key of the user's own at the provider behind
 * an aggregator, `cost` is the aggregator's fee alone, and that provider's charge stands beside it
 * (https://openrouter.ai/docs/use-cases/usage-accounting). `unknown`: that charge is missing. A cost of zero counts only
 * from a provider that reports whose key was used: others report zero for models whose price they do not know.
 */
function billedUsd(usage: Json): number | "unknown" | undefined {
  const cost =
    dollars(usage["cost"]) ??
    dollars(recordAt(usage, "cost")?.["total_cost"]) ??
    dollars(usage["cost_in_usd_ticks"], TICKS_PER_USD);
  const upstream = dollars(
    recordAt(usage, "cost_details")?.["upstream_inference_cost"] ?? usage["upstream_inference_cost"],
  );
  const isOwnKey = usage["is_byok"];
  if (isOwnKey === true || (isOwnKey !== false && upstream !== undefined && upstream > (cost ?? 0))) {
    return upstream === undefined ? "unknown" : (cost ?? 0) + upstream;
  }
  return cost === 0 && isOwnKey !== false ? undefined : cost;
}

/** Reads counts of tokens, and notes whether one of them is impossible. */
class Counts {
  areValid = true;

  /** A count that is zero if it is missing. */
  read(value: unknown): number {
    return this.required(value ?? 0);
  }

  required(value: unknown): number {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS) {
      return value;
    }
    this.areValid = false;
    return 0;
  }
}

/** @param perUsd how many units of the value are a dollar */
function dollars(value: unknown, perUsd = 1): number | undefined {
  if (typeof value !== "number") return undefined;
  const usd = value / perUsd;
  return usd >= 0 && usd <= MAX_BILLED_USD ? usd : undefined;
}
