import type { Usage } from "../contract/money.ts";

/** Usage as OpenAI's wire tells it. */
export function wireUsage(usage: Usage): Readonly<Record<string, unknown>> {
  const { inputTokens, outputTokens, cacheReadTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}
