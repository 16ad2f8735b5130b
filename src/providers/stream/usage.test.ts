import { describe, expect, it } from "vitest";
import { anthropicUsage, openaiUsage } from "./usage.ts";

describe("openaiUsage", () => {
  it("includes cached tokens in the input and reasoning in the output, as OpenAI reports them", () => {
    expect(
      openaiUsage({
        prompt_tokens: 2006,
        completion_tokens: 300,
        total_tokens: 2306,
        prompt_tokens_details: { cached_tokens: 1920, cache_write_tokens: 64 },
        completion_tokens_details: { reasoning_tokens: 192 },
      }),
    ).toEqual({
      inputTokens: 2006,
      cacheReadTokens: 1920,
      cacheWriteTokens: 64,
      outputTokens: 300,
      reasoningTokens: 192,
    });
  });

  it("counts thinking that only the total includes, as Google and xAI report it", () => {
    const usage = openaiUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 });
    expect(usage?.outputTokens).toBe(105);
  });

  it("reads DeepSeek's cached tokens and OpenRouter's billed cost", () => {
    expect(
      openaiUsage({ prompt_tokens: 100, completion_tokens: 5, prompt_cache_hit_tokens: 64, cost: 0.00014 }),
    ).toMatchObject({ cacheReadTokens: 64, billedUsd: 0.00014 });
  });

  it.each([
    ["negative", { prompt_tokens: -1, completion_tokens: 5 }],
    ["absurd", { prompt_tokens: 1, completion_tokens: 1e18 }],
    ["not whole", { prompt_tokens: 1.5, completion_tokens: 5 }],
    ["a string", { prompt_tokens: "1", completion_tokens: 5 }],
    ["more cached than sent", { prompt_tokens: 1, completion_tokens: 5, cached_tokens: 2 }],
    ["missing", {}],
    ["null", null],
  ])("is undefined if a number is %s", (_, value) => {
    expect(openaiUsage(value)).toBeUndefined();
  });
});

describe("anthropicUsage", () => {
  const started = {
    input_tokens: 20,
    cache_read_input_tokens: 1000,
    cache_creation_input_tokens: 300,
    output_tokens: 1,
  };

  it("sums the three kinds of input, and prefers the later of the two reports", () => {
    expect(
      anthropicUsage(started, { output_tokens: 80, output_tokens_details: { thinking_tokens: 30 } }),
    ).toEqual({
      inputTokens: 1320,
      cacheReadTokens: 1000,
      cacheWriteTokens: 300,
      outputTokens: 80,
      reasoningTokens: 30,
    });
  });

  it("is undefined if a number is impossible", () => {
    expect(anthropicUsage({ ...started, input_tokens: -5 }, { output_tokens: 80 })).toBeUndefined();
    expect(anthropicUsage(started, { output_tokens: 1e18 })).toBeUndefined();
  });
});
