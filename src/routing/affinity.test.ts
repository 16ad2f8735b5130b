import { describe, expect, it } from "vitest";
import { card } from "../../test/support/worlds.ts";
import type { Affinity, ChainStep, PickMethod } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import { type AffinityContext, withAffinity } from "./affinity.ts";
import { CACHE_TTL_MS, costWithCache } from "./cacheUse.ts";
import { orderBy } from "./pick.ts";

const SONNET = card("anthropic/sonnet", {
  inputUsdPerMTok: 3,
  outputUsdPerMTok: 15,
  cacheReadUsdPerMTok: 0.3,
  cacheWriteUsdPerMTok: 3.75,
  promptCacheMinTokens: 1024,
});
const LUNA = card("openai/luna", { inputUsdPerMTok: 1, outputUsdPerMTok: 5, cacheReadUsdPerMTok: 0.1 });
const NOW = 10_000_000;

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
    expectedOutputTokens: 500,
    secondUsd: 0.001,
    latencyOf: () => undefined,
    cardOf: (ref) => byRef.get(ref),
    ...known,
  };
}

/** The chain in the pick's own order, and what affinity makes of it. */
function chain(method: PickMethod, cards: readonly ModelCard[], known: Partial<AffinityContext> = {}) {
  const context = contextOf(cards, known);
  const steps = cards.map((each): ChainStep => {
    const cost = costWithCache(each, context.expectedInputTokens, context.expectedOutputTokens, 0);
    return {
      ref: each.ref,
      ...(cost === undefined ? {} : { expectedNanoUsd: cost }),
      ...(each.quality === undefined ? {} : { quality: each.quality.value }),
    };
  });
  const picked = orderBy(method, steps, context);
  const { steps: used, affinity } = withAffinity(method, picked, context);
  return { picked: picked.map(({ ref }) => ref), refs: used.map(({ ref }) => ref), used, affinity };
}

function quality(value: number): Pick<ModelCard, "quality"> {
  return { quality: { value, basis: "measured" } };
}

describe("under cheapest", () => {
  it("the last model stays while reading its cache is cheaper than paying the input anew elsewhere", () => {
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

  it("another wins that is cheaper by more than switching costs", () => {
    const cheap = { ...LUNA, inputUsdPerMTok: 0.5 };
    const { refs, affinity } = chain("cheapest", [SONNET, cheap]);
    expect(refs).toEqual([cheap.ref, SONNET.ref]);
    expect(affinity).toMatchObject({ kind: "switched", stayNanoUsd: 20_400_000, switchNanoUsd: 12_500_000 });
  });

  it("switching pays for writing the new model's cache where its card has a price for that", () => {
    const writing = { ...LUNA, inputUsdPerMTok: 0.8, cacheWriteUsdPerMTok: 1 };
    const { affinity } = chain("cheapest", [SONNET, writing]);
    expect(affinity).toMatchObject({ kind: "stayed", switchNanoUsd: 20_000 * 1_000 + 500 * 5_000 });
    const { affinity: without } = chain("cheapest", [SONNET, { ...LUNA, inputUsdPerMTok: 0.8 }]);
    expect(without).toMatchObject({ kind: "switched", switchNanoUsd: 20_000 * 800 + 500 * 5_000 });
  });

  it("each is priced in the tier that the request reaches", () => {
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

  it("a draw is the last model's, whatever the others' quality", () => {
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

  it("a wish for quality is not given up for a cache", () => {
    const weak = { ...SONNET, ...quality(0.5) };
    const strong = { ...LUNA, ...quality(0.8) };
    expect(chain("cheapest", [weak, strong], { preferQuality: 0.7 }).refs[0]).toBe(strong.ref);
  });

  it("a model of another provider still stands right behind", () => {
    const haiku = { ...SONNET, ref: "anthropic/haiku", inputUsdPerMTok: 0.99, cacheWriteUsdPerMTok: 0.99 };
    expect(chain("cheapest", [haiku, LUNA, SONNET]).refs).toEqual([SONNET.ref, LUNA.ref, haiku.ref]);
  });
});

describe("a cold cache costs nothing to leave", () => {
  it.each([
    ["expired", { atMs: NOW - CACHE_TTL_MS - 1 }, {}],
    ["too-short", { cachedTokens: 1_023 }, {}],
    ["too-short", { cachedTokens: 0 }, {}],
    ["no-cache", {}, { cacheReadUsdPerMTok: undefined }],
  ] as const)("%s", (because, last, prices) => {
    const { cacheReadUsdPerMTok, ...bare } = SONNET;
    const cardOfLast = "cacheReadUsdPerMTok" in prices ? bare : SONNET;
    const cards = [cardOfLast, LUNA];
    const { picked, refs, affinity } = chain("cheapest", cards, {
      last: { ...contextOf(cards).last, ...last },
    });
    expect(refs).toEqual(picked);
    expect(affinity).toEqual({ kind: "cold", last: SONNET.ref, reason: because });
  });

  it("is warm to the last moment of its time to live, which may be another", () => {
    const last = { ...contextOf([]).last, atMs: NOW - CACHE_TTL_MS };
    expect(chain("cheapest", [SONNET, LUNA], { last }).affinity?.kind).toBe("stayed");
    expect(chain("cheapest", [SONNET, LUNA], { last, ttlMs: 60_000 }).affinity?.kind).toBe("cold");
  });

  it("where caching goes by itself, all that was sent is in it", () => {
    const { cacheWriteUsdPerMTok, ...automatic } = SONNET;
    expect(chain("cheapest", [automatic, LUNA]).affinity).toMatchObject({ cachedTokens: 18_500 });
  });

  it("never reads more than is sent", () => {
    const { affinity } = chain("cheapest", [SONNET, LUNA], { expectedInputTokens: 5_000 });
    expect(affinity).toMatchObject({ cachedTokens: 5_000, stayNanoUsd: 5_000 * 300 + 500 * 15_000 });
  });

  it("a price of zero for writing does not make input free", () => {
    const listed = { ...LUNA, cacheWriteUsdPerMTok: 0 };
    expect(costWithCache(listed, 20_000, 0, 0)).toBe(20_000_000);
  });

  it("nothing is written of a prompt that is too short for the cache", () => {
    expect(costWithCache(SONNET, 1_023, 0, 0)).toBe(1_023 * 3_000);
    expect(costWithCache(SONNET, 1_024, 0, 0)).toBe(1_024 * 3_750);
  });
});

describe("under the other picks", () => {
  const speeds =
    (lastMs: number, otherMs: number): AffinityContext["latencyOf"] =>
    (ref) => ({ firstTokenMs: ref === SONNET.ref ? lastMs : otherMs, tokensPerSecond: 1e9, samples: 5 });
  const DEAR = { ...LUNA, inputUsdPerMTok: 3 };
  // Input: 18,000 read and 2,000 written by the last model, 12.9 thousandths of a dollar; 60 by the other.
  const PENALTY_MS = 47_100;

  it("fastest: another wins that is faster by more than the time that switching's money is worth", () => {
    const slower = chain("fastest", [SONNET, DEAR], { latencyOf: speeds(40_000, 1_000) });
    expect(slower.picked[0]).toBe(DEAR.ref);
    expect(slower.refs[0]).toBe(SONNET.ref);
    expect(slower.affinity).toMatchObject({ kind: "stayed", switchMs: expect.closeTo(1_000, 1) });
    expect(slower.affinity).toMatchObject({ switchPenaltyMs: expect.closeTo(PENALTY_MS, 1) });
    const muchSlower = chain("fastest", [SONNET, DEAR], { latencyOf: speeds(49_000, 1_000) });
    expect(muchSlower.refs[0]).toBe(DEAR.ref);
    expect(muchSlower.affinity?.kind).toBe("switched");
  });

  it("fastest: a cheaper input makes no time, and where no time is worth money nobody pays for it", () => {
    const cheap = { ...LUNA, inputUsdPerMTok: 0.1 };
    expect(chain("fastest", [SONNET, cheap], { latencyOf: speeds(1_001, 1_000) }).refs[0]).toBe(cheap.ref);
    const worthless = chain("fastest", [SONNET, DEAR], { latencyOf: speeds(9e9, 1_000), secondUsd: 0 });
    expect(worthless.refs[0]).toBe(SONNET.ref);
    expect(JSON.parse(JSON.stringify(worthless.affinity))).toEqual(worthless.affinity);
    expect(chain("fastest", [SONNET, cheap], { latencyOf: speeds(2, 1), secondUsd: 0 }).refs[0]).toBe(
      cheap.ref,
    );
  });

  it("fastest: where the other's price is not known, what staying saves is what switching costs", () => {
    const { inputUsdPerMTok, ...unpriced } = LUNA;
    const { affinity } = chain("fastest", [SONNET, unpriced], { latencyOf: speeds(2_000, 1_000) });
    // All 20,000 written anew, 75 thousandths of a dollar, less the 12.9 of staying.
    expect(affinity).toMatchObject({ kind: "stayed", switchPenaltyMs: expect.closeTo(62_100, 1) });
    expect(affinity).not.toHaveProperty("switchNanoUsd");
  });

  it("balanced: the money is in what it compares already", () => {
    // Staying: 20.4 thousandths of a dollar; switching: 22.5, and a second is worth one.
    expect(chain("balanced", [SONNET, LUNA], { latencyOf: speeds(3_000, 1_000) }).refs[0]).toBe(SONNET.ref);
    const { refs, affinity } = chain("balanced", [SONNET, LUNA], { latencyOf: speeds(4_000, 1_000) });
    expect(refs[0]).toBe(LUNA.ref);
    expect(affinity).toMatchObject({ kind: "switched", stayMs: expect.closeTo(4_000, 1) });
    expect(affinity).not.toHaveProperty("switchPenaltyMs");
  });

  it("best-quality: a better model always wins, and among equals the money decides", () => {
    const better = { ...LUNA, ...quality(0.71) };
    expect(chain("best-quality", [SONNET, better]).refs[0]).toBe(better.ref);
    const { picked, refs } = chain("best-quality", [SONNET, LUNA]);
    expect(picked[0]).toBe(LUNA.ref);
    expect(refs[0]).toBe(SONNET.ref);
  });

  it.each(["first", "explicit"] as const)("%s: the order is never rearranged", (method) => {
    const { picked, refs, affinity } = chain(method, [LUNA, SONNET]);
    expect(refs).toEqual(picked);
    expect(affinity).toBeUndefined();
  });
});

it("has nothing to weigh where the last model is not eligible, or is alone", () => {
  const { refs, affinity } = chain("cheapest", [LUNA, { ...LUNA, ref: "x/y" }]);
  expect(refs).toEqual([LUNA.ref, "x/y"]);
  expect(affinity).toBeUndefined();
  expect(chain("cheapest", [SONNET]).affinity).toBeUndefined();
});

it("says what the next best would cost where the last model would have been picked anyway", () => {
  const dear = { ...LUNA, inputUsdPerMTok: 9 };
  const { refs, affinity } = chain("cheapest", [SONNET, dear]);
  expect(refs[0]).toBe(SONNET.ref);
  expect(affinity).toMatchObject({ kind: "stayed", other: dear.ref, switchNanoUsd: 182_500_000 });
});
