import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelCard } from "../contract/model.ts";
import type { Usage } from "../contract/money.ts";
import { affordableOutputTokens, costOf, worstCaseOf } from "./price.ts";

const unknown: ModelCard = {
  ref: "x/y",
  wireName: "y",
  api: "chat",
  tiers: [],
  capabilities: [],
  samplingParams: true,
  assistantPrefill: false,
  local: false,
};
const card: ModelCard = {
  ...unknown,
  inputUsdPerMTok: 0.1,
  outputUsdPerMTok: 0.5,
  cacheReadUsdPerMTok: 0.01,
  cacheWriteUsdPerMTok: 0.125,
  tiers: [{ aboveInputTokens: 100_000, inputUsdPerMTok: 0.5, outputUsdPerMTok: 2.5 }],
};

function used(part: Partial<Usage>): Usage {
  return {
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    ...part,
  };
}

describe("costOf", () => {
  it("charges each kind of token at its own price, and reasoning as output", () => {
    const usage = used({
      inputTokens: 1000,
      cacheReadTokens: 600,
      cacheWriteTokens: 300,
      outputTokens: 200,
      reasoningTokens: 150,
    });
    expect(costOf(card, usage)).toBe(100 * 100 + 600 * 10 + 300 * 125 + 200 * 500);
  });

  it("rounds up to a whole nano-dollar", () => {
    expect(costOf({ ...card, inputUsdPerMTok: 0.0001 }, used({ inputTokens: 1 }))).toBe(1);
  });

  it("applies a tier's prices to the whole request, only above the tier's size", () => {
    expect(costOf(card, used({ inputTokens: 100_000 }))).toBe(100_000 * 100);
    expect(costOf(card, used({ inputTokens: 100_001 }))).toBe(100_001 * 500);
  });

  it("charges cache reads and writes at the input price if they have no price of their own", () => {
    const { cacheReadUsdPerMTok, cacheWriteUsdPerMTok, ...plain } = card;
    const usage = used({ inputTokens: 1000, cacheReadTokens: 500, cacheWriteTokens: 500 });
    expect(costOf(plain, usage)).toBe(1000 * 100);
  });

  it("returns the amount that the provider bills, if it reports one", () => {
    expect(costOf(unknown, used({ billedUsd: 0.00042 }))).toBe(420_000);
  });

  it("returns zero for a local model and undefined for a model without a price, even for no tokens", () => {
    expect(costOf({ ...card, local: true }, used({ inputTokens: 1e9 }))).toBe(0);
    expect(costOf(unknown, used({}))).toBeUndefined();
    expect(costOf({ ...unknown, inputUsdPerMTok: 1 }, used({ inputTokens: 1 }))).toBeUndefined();
    expect(costOf({ ...unknown, api: "embedding", inputUsdPerMTok: 1 }, used({ inputTokens: 1 }))).toBe(1000);
  });

  it("charges what is written for an hour at twice the price of input", () => {
    const usage = used({ inputTokens: 1000, cacheWriteTokens: 300, cacheWrite1hTokens: 200 });
    expect(costOf(card, usage)).toBe(700 * 100 + 100 * 125 + 200 * 200);
    expect(costOf({ ...card, cacheWriteUsdPerMTok: undefined }, usage)).toBe(800 * 100 + 200 * 200);
  });

  it("charges cache writes at the price of input if their own price is zero", () => {
    const usage = used({ inputTokens: 1000, cacheWriteTokens: 300 });
    expect(costOf({ ...card, cacheWriteUsdPerMTok: 0 }, usage)).toBe(1000 * 100);
  });

  it("is unknown with audio, unless the provider bills an amount", () => {
    const usage = used({ inputTokens: 1000, audioTokens: 10 });
    expect(costOf(card, usage)).toBeUndefined();
    expect(costOf(card, { ...usage, billedUsd: 0.002 })).toBe(2_000_000);
  });

  it("is at most the largest amount, and undefined without a count", () => {
    expect(costOf(card, used({ outputTokens: 1e18 }))).toBe(Number.MAX_SAFE_INTEGER);
    expect(costOf(card, used({ inputTokens: Number.NaN }))).toBeUndefined();
  });

  it("charges cached input at the price of cache reads", () => {
    const usage = { inputTokens: 1000, outputTokens: 100 };
    expect(costOf(card, used(usage))).toBe(1000 * 100 + 100 * 500);
    expect(costOf(card, used({ ...usage, cacheReadTokens: 800 }))).toBe(200 * 100 + 800 * 10 + 100 * 500);
  });
});

const price = fc.integer({ min: 0, max: 50_000 }).map((mills) => mills / 1000);
const prices = fc.record(
  {
    inputUsdPerMTok: price,
    outputUsdPerMTok: price,
    cacheReadUsdPerMTok: price,
    cacheWriteUsdPerMTok: price,
  },
  { requiredKeys: ["inputUsdPerMTok", "outputUsdPerMTok"] },
);
const tier = fc.record(
  {
    aboveInputTokens: fc.integer({ min: 1, max: 300_000 }),
    inputUsdPerMTok: price,
    outputUsdPerMTok: price,
    cacheReadUsdPerMTok: price,
  },
  { requiredKeys: ["aboveInputTokens"] },
);
const cards = fc
  .tuple(prices, fc.array(tier, { maxLength: 3 }))
  .map(([base, tiers]): ModelCard => ({ ...unknown, ...base, tiers }));
const size = fc.integer({ min: 0, max: 400_000 });

describe("worstCaseOf", () => {
  it("is never below the cost of a call within its limits", () => {
    fc.assert(
      fc.property(
        cards,
        size,
        size,
        size,
        size,
        size,
        size,
        (anyCard, bound, most, input, read, written, output) => {
          const inputTokens = Math.min(input, bound);
          const cacheReadTokens = Math.min(read, inputTokens);
          const usage = used({
            inputTokens,
            cacheReadTokens,
            cacheWriteTokens: Math.min(written, inputTokens - cacheReadTokens),
            outputTokens: Math.min(output, most),
          });
          expect(worstCaseOf(anyCard, bound, most)).toBeGreaterThanOrEqual(
            costOf(anyCard, usage) ?? Number.NaN,
          );
        },
      ),
    );
  });

  it("never falls when a limit rises", () => {
    fc.assert(
      fc.property(cards, size, size, size, (anyCard, input, output, more) => {
        const worst = worstCaseOf(anyCard, input, output) ?? Number.NaN;
        expect(worstCaseOf(anyCard, input + more, output)).toBeGreaterThanOrEqual(worst);
        expect(worstCaseOf(anyCard, input, output + more)).toBeGreaterThanOrEqual(worst);
      }),
    );
  });

  it("makes affordableOutputTokens return exactly as many output tokens as fit", () => {
    fc.assert(
      fc.property(cards, size, fc.integer({ min: 0, max: 10_000_000_000 }), (anyCard, input, amount) => {
        const fit = affordableOutputTokens(anyCard, input, amount);
        const alone = worstCaseOf(anyCard, input, 0) ?? Number.NaN;
        if (alone > amount) {
          expect(fit).toBe(0);
          return;
        }
        if (fit === Number.MAX_SAFE_INTEGER) {
          expect(worstCaseOf(anyCard, input, 1e9)).toBe(alone);
          return;
        }
        expect(worstCaseOf(anyCard, input, fit)).toBeLessThanOrEqual(amount);
        expect(worstCaseOf(anyCard, input, fit + 1)).toBeGreaterThan(amount);
      }),
    );
  });

  it("is above zero, or no output is free, for any limits and any price", () => {
    const anyNumber = fc.oneof(
      fc.double({ min: 0 }),
      fc.integer({ min: 0 }),
      fc.constantFrom(1e15, 2 ** 53, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN),
    );
    const anyPrice = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE / 1e10, noNaN: true });
    fc.assert(
      fc.property(
        anyPrice,
        anyPrice,
        anyNumber,
        anyNumber,
        size,
        (inPrice, outPrice, input, output, amount) => {
          const anyCard = { ...unknown, inputUsdPerMTok: inPrice, outputUsdPerMTok: outPrice };
          const worst = worstCaseOf(anyCard, input, output) ?? Number.NaN;
          expect(Number.isSafeInteger(worst)).toBe(true);
          expect(worst > 0).toBe(!(input === 0 && output === 0));
          const fit = affordableOutputTokens(anyCard, input, amount);
          expect(Number.isSafeInteger(fit)).toBe(true);
          if (fit > 0) expect(worstCaseOf(anyCard, input, fit)).toBeLessThanOrEqual(amount);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("is undefined without a price, and zero for a local model", () => {
    expect(worstCaseOf(unknown, 1, 1)).toBeUndefined();
    expect(affordableOutputTokens(unknown, 1, 1e9)).toBe(0);
    expect(worstCaseOf({ ...unknown, local: true }, 1e9, 1e9)).toBe(0);
  });
});
