import { describe, expect, it } from "vitest";
import { card } from "../../../../test/support/routing/worlds.ts";
import type { Affinity, ChainStep } from "../../../contract/decision.ts";
import type { ModelCard } from "../../../contract/model.ts";
import { type OrderMethod, orderBy } from "../pick/order.ts";
import { type AffinityContext, withAffinity } from "./affinity.ts";
import { costWithCache } from "./promptCache.ts";

const SONNET = card("anthropic/sonnet", {
  inputUsdPerMTok: 3,
  outputUsdPerMTok: 15,
  cacheReadUsdPerMTok: 0.3,
  cacheWriteUsdPerMTok: 3.75,
  promptCacheMinTokens: 1024,
});
const LUNA = card("openai/luna", { inputUsdPerMTok: 1, outputUsdPerMTok: 5, cacheReadUsdPerMTok: 0.1 });
const NOW = 10_000_000;
const OUTPUT_TOKENS = 500;
const CACHE_TTL_MS = 5 * 60_000;

function contextOf(cards: readonly ModelCard[], known: Partial<AffinityContext> = {}): AffinityContext {
  const byRef = new Map(cards.map((each) => [each.ref, each]));
  return {
    last: {
      ref: SONNET.ref,
      atMs: NOW - 60_000,
      inputTokens: 18_500,
      outputTokens: 500,
      cachedTokens: 18_000,
    },
    nowMs: NOW,
    expectedInputTokens: 20_000,
    secondUsd: 0.001,
    latencyOf: () => undefined,
    cardOf: (ref) => byRef.get(ref),
    ...known,
  };
}

/** The chain in the pick's own order, and the chain with affinity. */
function chain(method: OrderMethod, cards: readonly ModelCard[], known: Partial<AffinityContext> = {}) {
  const context = contextOf(cards, known);
  const steps = cards.map((each): ChainStep => {
    const expectedNanoUsd = costWithCache(each, context.expectedInputTokens, OUTPUT_TOKENS, 0);
    return {
      ...{ ref: each.ref, expectedNanoUsd, quality: each.quality?.value },
      expectedOutputTokens: OUTPUT_TOKENS,
    };
  });
  const picked = orderBy(method, steps, context);
  const { steps: used, affinity } = withAffinity(method, picked, context);
  return { picked: picked.map(({ ref }) => ref), refs: used.map(({ ref }) => ref), used, affinity };
}

function quality(value: number): Pick<ModelCard, "quality"> {
  return { quality: { value, basis: "measured" } };
}

describe("affinity under cheapest", () => {
  it("stays while reading the cache is cheaper than the full input of another model", () => {
    const { picked, refs, used, affinity } = chain("cheapest", [SONNET, LUNA]);
    expect(picked[0]).toBe(LUNA.ref);
    expect(refs).toEqual([SONNET.ref, LUNA.ref]);
    const expected: Affinity = {
      kind: "stayed",
      last: SONNET.ref,
      other: LUNA.ref,
      cachedTokens: 18_000,
      stayNanoUsd: 18_000 * 300 + 2_000 * 3_750 + 500 * 15_000,
      switchNanoUsd: 20_000 * 1_000 + 500 * 5_000,
    };
    expect(affinity).toEqual(expected);
    expect(used[0]?.expectedNanoUsd).toBe(expected.stayNanoUsd);
  });

  it("switches to a model that is cheaper by more than switching costs", () => {
    const cheap = { ...LUNA, inputUsdPerMTok: 0.5 };
    const { refs, affinity } = chain("cheapest", [SONNET, cheap]);
    expect(refs).toEqual([cheap.ref, SONNET.ref]);
    expect(affinity).toMatchObject({ kind: "switched", stayNanoUsd: 20_400_000, switchNanoUsd: 12_500_000 });
  });

  it("includes the price of writing the other model's cache", () => {
    const writing = { ...LUNA, inputUsdPerMTok: 0.8, cacheWriteUsdPerMTok: 1 };
    const { affinity } = chain("cheapest", [SONNET, writing]);
    expect(affinity).toMatchObject({ kind: "stayed", switchNanoUsd: 20_000 * 1_000 + 500 * 5_000 });
    const { affinity: free } = chain("cheapest", [SONNET, { ...LUNA, inputUsdPerMTok: 0.8 }]);
    expect(free).toMatchObject({ kind: "switched", switchNanoUsd: 20_000 * 800 + 500 * 5_000 });
  });

  it("uses the prices of the tier that the request reaches", () => {
    const tiered = {
      ...SONNET,
      tiers: [
        { aboveInputTokens: 19_000, inputUsdPerMTok: 6, cacheReadUsdPerMTok: 0.6, cacheWriteUsdPerMTok: 7.5 },
      ],
    };
    const { affinity } = chain("cheapest", [tiered, LUNA]);
    const stayNanoUsd = 18_000 * 600 + 2_000 * 7_500 + 500 * 15_000;
    expect(affinity).toMatchObject({ kind: "switched", stayNanoUsd });
  });

  it("stays on a draw, whatever the others' quality", () => {
    const twin = {
      ...SONNET,
      ref: "openai/twin",
      cacheReadUsdPerMTok: 3,
      cacheWriteUsdPerMTok: 3,
      ...quality(0.9),
    };
    const flat = { ...twin, ref: SONNET.ref, ...quality(0.6) };
    const { picked, refs } = chain("cheapest", [twin, flat]);
    expect(picked[0]).toBe(twin.ref);
    expect(refs[0]).toBe(SONNET.ref);
  });

  it("does not give up a quality preference for a cache", () => {
    const weak = { ...SONNET, ...quality(0.5) };
    const strong = { ...LUNA, ...quality(0.8) };
    expect(chain("cheapest", [weak, strong], { preferQuality: 0.7 }).refs[0]).toBe(strong.ref);
  });

  it("still puts a model of another provider second", () => {
    const haiku = { ...SONNET, ref: "anthropic/haiku", inputUsdPerMTok: 0.99, cacheWriteUsdPerMTok: 0.99 };
    expect(chain("cheapest", [haiku, LUNA, SONNET]).refs).toEqual([SONNET.ref, LUNA.ref, haiku.ref]);
  });
});

describe("the prompt cache", () => {
  it.each([
    ["expired", { atMs: NOW - CACHE_TTL_MS - 1 }, {}],
    ["too-short", { cachedTokens: 1_023 }, {}],
    ["too-short", { cachedTokens: 0 }, {}],
    ["no-cache", {}, { cacheReadUsdPerMTok: undefined }],
  ] as const)("is cold, so that the pick's order stays, for the reason %s", (reason, last, prices) => {
    const { cacheReadUsdPerMTok, ...bare } = SONNET;
    const lastCard = "cacheReadUsdPerMTok" in prices ? bare : SONNET;
    const cards = [lastCard, LUNA];
    const { picked, refs, affinity } = chain("cheapest", cards, {
      last: { ...contextOf(cards).last, ...last },
    });
    expect(refs).toEqual(picked);
    expect(affinity).toEqual({ kind: "cold", last: SONNET.ref, reason });
  });

  it("is warm until the end of its time to live", () => {
    const last = { ...contextOf([]).last, atMs: NOW - CACHE_TTL_MS };
    expect(chain("cheapest", [SONNET, LUNA], { last }).affinity?.kind).toBe("stayed");
  });

  it("contains all input if the provider caches by itself", () => {
    const { cacheWriteUsdPerMTok, ...automatic } = SONNET;
    expect(chain("cheapest", [automatic, LUNA]).affinity).toMatchObject({ cachedTokens: 18_500 });
  });

  it("never supplies more than the input", () => {
    const { affinity } = chain("cheapest", [SONNET, LUNA], { expectedInputTokens: 5_000 });
    expect(affinity).toMatchObject({ cachedTokens: 5_000, stayNanoUsd: 5_000 * 300 + 500 * 15_000 });
  });

  it("does not make input free if writing has a price of zero", () => {
    const listed = { ...LUNA, cacheWriteUsdPerMTok: 0 };
    expect(costWithCache(listed, 20_000, 0, 0)).toBe(20_000_000);
  });

  it("is not written for a prompt below the minimum length", () => {
    expect(costWithCache(SONNET, 1_023, 0, 0)).toBe(1_023 * 3_000);
    expect(costWithCache(SONNET, 1_024, 0, 0)).toBe(1_024 * 3_750);
  });
});

describe("affinity under the other picks", () => {
  const speeds =
    (lastMs: number, otherMs: number): AffinityContext["latencyOf"] =>
    (ref) => ({ firstTokenMs: ref === SONNET.ref ? lastMs : otherMs, tokensPerSecond: 1e9 });
  const EXPENSIVE = { ...LUNA, inputUsdPerMTok: 3 };
  // Input: 18,000 read and 2,000 written by the last model, 12.9 thousandths of a dollar; 60 by the other.
  const PENALTY_MS = 47_100;

  it("switches under fastest if the time saved is worth more than the extra cost", () => {
    const slower = chain("fastest", [SONNET, EXPENSIVE], { latencyOf: speeds(40_000, 1_000) });
    expect(slower.picked[0]).toBe(EXPENSIVE.ref);
    expect(slower.refs[0]).toBe(SONNET.ref);
    expect(slower.affinity).toMatchObject({ kind: "stayed", switchMs: expect.closeTo(1_000, 1) });
    expect(slower.affinity).toMatchObject({ switchPenaltyMs: expect.closeTo(PENALTY_MS, 1) });
    const muchSlower = chain("fastest", [SONNET, EXPENSIVE], { latencyOf: speeds(49_000, 1_000) });
    expect(muchSlower.refs[0]).toBe(EXPENSIVE.ref);
    expect(muchSlower.affinity?.kind).toBe("switched");
  });

  it("adds no time under fastest for cheaper input, and an infinite penalty if waiting is free", () => {
    const cheap = { ...LUNA, inputUsdPerMTok: 0.1 };
    expect(chain("fastest", [SONNET, cheap], { latencyOf: speeds(1_001, 1_000) }).refs[0]).toBe(cheap.ref);
    const worthless = chain("fastest", [SONNET, EXPENSIVE], { latencyOf: speeds(9e9, 1_000), secondUsd: 0 });
    expect(worthless.refs[0]).toBe(SONNET.ref);
    expect(JSON.parse(JSON.stringify(worthless.affinity))).toEqual(worthless.affinity);
    expect(chain("fastest", [SONNET, cheap], { latencyOf: speeds(2, 1), secondUsd: 0 }).refs[0]).toBe(
      cheap.ref,
    );
  });

  it("uses the amount that staying saves under fastest if the other price is unknown", () => {
    const { inputUsdPerMTok, ...unpriced } = LUNA;
    const { affinity } = chain("fastest", [SONNET, unpriced], { latencyOf: speeds(2_000, 1_000) });
    // Writing all 20,000 again costs 75 thousandths of a dollar, less the 12.9 of staying.
    expect(affinity).toMatchObject({ kind: "stayed", switchPenaltyMs: expect.closeTo(62_100, 1) });
    expect(affinity).toMatchObject({ switchNanoUsd: undefined });
  });

  it("adds no penalty under balanced, whose figure includes the cost", () => {
    // Staying: 20.4 thousandths of a dollar; switching: 22.5, and a second is worth one.
    expect(chain("balanced", [SONNET, LUNA], { latencyOf: speeds(3_000, 1_000) }).refs[0]).toBe(SONNET.ref);
    const { refs, affinity } = chain("balanced", [SONNET, LUNA], { latencyOf: speeds(4_000, 1_000) });
    expect(refs[0]).toBe(LUNA.ref);
    expect(affinity).toMatchObject({ kind: "switched", stayMs: expect.closeTo(4_000, 1) });
    expect(affinity).toMatchObject({ switchPenaltyMs: undefined });
  });

  it("switches to a model near the best quality under best-quality, and compares costs among those", () => {
    const better = { ...LUNA, ...quality(0.71) };
    expect(chain("best-quality", [SONNET, better], { preferQuality: 0.705 }).refs[0]).toBe(better.ref);
    expect(chain("best-quality", [SONNET, better], { preferQuality: 0.69 }).refs[0]).toBe(SONNET.ref);
    const { picked, refs } = chain("best-quality", [SONNET, LUNA], { preferQuality: 0.68 });
    expect(picked[0]).toBe(LUNA.ref);
    expect(refs[0]).toBe(SONNET.ref);
  });

  it("keeps the order under first", () => {
    const { picked, refs, affinity } = chain("first", [LUNA, SONNET]);
    expect(refs).toEqual(picked);
    expect(affinity).toBeUndefined();
  });

  it("keeps the model that the user picked, and records what switching to it costs", () => {
    const { refs, affinity } = chain("explicit", [LUNA, SONNET]);
    expect(refs).toEqual([LUNA.ref, SONNET.ref]);
    expect(affinity).toEqual({
      kind: "switched",
      last: SONNET.ref,
      other: LUNA.ref,
      cachedTokens: 18_000,
      stayNanoUsd: 18_000 * 300 + 2_000 * 3_750 + 500 * 15_000,
      switchNanoUsd: 20_000 * 1_000 + 500 * 5_000,
    });
    expect(chain("explicit", [SONNET, LUNA]).affinity).toBeUndefined();
    const last = { ...contextOf([]).last, atMs: NOW - CACHE_TTL_MS - 1 };
    expect(chain("explicit", [LUNA, SONNET], { last }).affinity).toBeUndefined();
  });
});

it("has no affinity if the last model is not in the chain, or alone", () => {
  const { refs, affinity } = chain("cheapest", [LUNA, { ...LUNA, ref: "x/y" }]);
  expect(refs).toEqual([LUNA.ref, "x/y"]);
  expect(affinity).toBeUndefined();
  expect(chain("cheapest", [SONNET]).affinity).toBeUndefined();
});

it("records the cost of the next best model if the last model is the pick anyway", () => {
  const expensive = { ...LUNA, inputUsdPerMTok: 9 };
  const { refs, affinity } = chain("cheapest", [SONNET, expensive]);
  expect(refs[0]).toBe(SONNET.ref);
  expect(affinity).toMatchObject({ kind: "stayed", other: expensive.ref, switchNanoUsd: 182_500_000 });
});
