import type { ModelCard } from "../contract/model.ts";

/** A model of the simulator: a card without the provider's half of its ref. */
export type SimulatorCard = Omit<ModelCard, "ref">;

const COMMON = {
  api: "chat",
  tiers: [],
  samplingParams: true,
  assistantPrefill: true,
  promptCacheMinTokens: 1024,
} as const satisfies Partial<ModelCard>;

/**
 * The models that the simulator says it has, both wires the same. Prices lie where a vendor's premium, balanced and
 * cheap models lie in late 2026, and a quality is made up to match: neither belongs to a real model.
 */
export const SIMULATOR_CARDS: readonly SimulatorCard[] = [
  {
    ...COMMON,
    wireName: "sim-premium",
    inputUsdPerMTok: 5,
    outputUsdPerMTok: 25,
    cacheReadUsdPerMTok: 0.5,
    cacheWriteUsdPerMTok: 6.25,
    maxInputTokens: 1_000_000,
    maxOutputTokens: 128_000,
    capabilities: ["vision", "tools", "reasoning"],
    quality: { value: 0.8, basis: "estimate" },
    local: false,
  },
  {
    ...COMMON,
    wireName: "sim-balanced",
    inputUsdPerMTok: 1.25,
    outputUsdPerMTok: 10,
    cacheReadUsdPerMTok: 0.125,
    cacheWriteUsdPerMTok: 1.25,
    maxInputTokens: 400_000,
    maxOutputTokens: 128_000,
    capabilities: ["vision", "tools", "reasoning"],
    quality: { value: 0.7, basis: "estimate" },
    local: false,
  },
  {
    ...COMMON,
    wireName: "sim-cheap",
    inputUsdPerMTok: 0.15,
    outputUsdPerMTok: 0.6,
    cacheReadUsdPerMTok: 0.075,
    cacheWriteUsdPerMTok: 0.15,
    maxInputTokens: 400_000,
    maxOutputTokens: 128_000,
    capabilities: ["vision", "tools"],
    quality: { value: 0.55, basis: "estimate" },
    local: false,
  },
  {
    ...COMMON,
    wireName: "sim-local",
    inputUsdPerMTok: 0,
    outputUsdPerMTok: 0,
    cacheReadUsdPerMTok: 0,
    cacheWriteUsdPerMTok: 0,
    maxInputTokens: 131_072,
    maxOutputTokens: 128_000,
    capabilities: ["tools"],
    quality: { value: 0.4, basis: "estimate" },
    local: true,
  },
];

/** The model that embeds; priced as small embedding models are in late 2026. It answers no chat, and is not listed. */
export const SIMULATOR_EMBEDDING_CARD: SimulatorCard = {
  ...COMMON,
  wireName: "sim-embedding",
  api: "embedding",
  inputUsdPerMTok: 0.02,
  maxInputTokens: 8192,
  capabilities: [],
  assistantPrefill: false,
  local: false,
};

/** The card of a model's name on the wire. */
export function simulatorCard(wireName: string): SimulatorCard | undefined {
  return SIMULATOR_CARDS.find((card) => card.wireName === wireName);
}
