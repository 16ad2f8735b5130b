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
    ["more than the prompt's", { cached_tokens: 900 }, true],
    ["apart from the prompt's in the total", { cached_tokens: 80, total_tokens: 185 }, undefined],
  ])("adds cached tokens that are %s to the input", (_, more, isUncertain) => {
    const usage = openaiUsage({ prompt_tokens: 100, completion_tokens: 5, ...more });
    expect(usage).toMatchObject({
      inputTokens: 100 + more.cached_tokens,
      cacheReadTokens: more.cached_tokens,
    });
    expect(usage).toMatchObject({ outputTokens: 5 });
    expect(usage?.isUncertain).toBe(isUncertain);
  });

  it("adds reasoning that is more than the output to it", () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      completion_tokens_details: { reasoning_tokens: 90 },
    };
    expect(openaiUsage(usage)).toMatchObject({ outputTokens: 95, reasoningTokens: 90, isUncertain: true });
  });

  it("reads Anthropic's names of cached tokens, and how long they are kept", () => {
    expect(
      openaiUsage({
        prompt_tokens: 1000,
        completion_tokens: 5,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 300,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      }),
    ).toMatchObject({ cacheReadTokens: 100, cacheWriteTokens: 300, cacheWrite1hTokens: 200 });
  });

  it.each([
    ["the fee and the charge with an own key", { cost: 0.0015, is_byok: true }, 0.0285, 0.03],
    ["the charge with an own key without a fee", { cost: 0, is_byok: true }, 0.0285, 0.0285],
    ["both if only the amounts show an own key", { cost: 0.95 }, 19, 19.95],
    ["the cost without an own key", { cost: 0.02, is_byok: false }, 0.02, 0.02],
    ["nothing from a provider that says so", { cost: 0, is_byok: false }, undefined, 0],
    ["no amount from one that may not know its price", { cost: 0 }, undefined, undefined],
    ["xAI's ticks", { cost_in_usd_ticks: 318_319_000 }, undefined, 0.0318319],
    [
      "the total of Perplexity's parts",
      { cost: { request_cost: 0.005, total_cost: 0.006 } },
      undefined,
      0.006,
    ],
  ])("bills %s", (_, usage, upstream_inference_cost, billedUsd) => {
    const tokens = { prompt_tokens: 1, completion_tokens: 1 };
    const places =
      upstream_inference_cost === undefined
        ? [{}]
        : [{ upstream_inference_cost }, { cost_details: { upstream_inference_cost } }];
    for (const place of places) {
      const read = openaiUsage({ ...tokens, ...usage, ...place });
      expect(read?.isUncertain).toBeUndefined();
      if (billedUsd === undefined) expect(read?.billedUsd).toBeUndefined();
      else expect(read?.billedUsd).toBeCloseTo(billedUsd, 9);
    }
  });

  it("is uncertain if the charge behind an own key is missing", () => {
    const usage = openaiUsage({ prompt_tokens: 1, completion_tokens: 1, cost: 0.001, is_byok: true });
    expect(usage).toMatchObject({ isUncertain: true });
    expect(usage?.billedUsd).toBeUndefined();
  });

  it.each([
    ["cached tokens", { prompt_tokens_details: { cached_tokens: -1_000 } }],
    ["cached tokens", { prompt_tokens_details: { cached_tokens: 1e12 } }],
    ["reasoning", { completion_tokens_details: { reasoning_tokens: "9" } }],
    ["total", { total_tokens: -1 }],
  ])("keeps the counts of prompt and completion, as uncertain, if its %s cannot be", (_, more) => {
    const usage = openaiUsage({ prompt_tokens: 1_000, completion_tokens: 100, ...more });
    expect(usage).toMatchObject({
      inputTokens: 1_000,
      cacheReadTokens: 0,
      outputTokens: 100,
      isUncertain: true,
    });
  });

  it.each([
    ["negative", { prompt_tokens: -1, completion_tokens: 5 }],
    ["absurd", { prompt_tokens: 1, completion_tokens: 1e18 }],
    ["not whole", { prompt_tokens: 1.5, completion_tokens: 5 }],
    ["a string", { prompt_tokens: "1", completion_tokens: 5 }],
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

  it("sums the three kinds of input, and takes the larger number of the two reports", () => {
    const zeros = { input_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
    expect(
      anthropicUsage(started, {
        ...{ ...zeros, output_tokens: 80 },
        output_tokens_details: { thinking_tokens: 30 },
      }),
    ).toEqual({
      inputTokens: 1320,
      cacheReadTokens: 1000,
      cacheWriteTokens: 300,
      outputTokens: 80,
      reasoningTokens: 30,
    });
  });

  it("is uncertain if a tool has run at the provider", () => {
    const ended = { output_tokens: 80, server_tool_use: { web_search_requests: 2 } };
    expect(anthropicUsage(started, ended)).toMatchObject({ isUncertain: true });
  });

  it("is undefined if a number is impossible", () => {
    expect(anthropicUsage({ ...started, input_tokens: -5 }, { output_tokens: 80 })).toBeUndefined();
    expect(anthropicUsage(started, { output_tokens: 1e18 })).toBeUndefined();
  });
});
