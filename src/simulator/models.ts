import type { ModelCard } from "../contract/model.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";

/** A model of the simulator: a card without the provider in its ref. */
export type SimulatorCard = Omit<ModelCard, "ref">;

const COMMON = {
  api: "chat",
  tiers: [],
  samplingParams: true,
  assistantPrefill: true,
  promptCacheMinTokens: 1024,
} as const satisfies Partial<ModelCard>;

/**
 * The chat models, the same in both wire formats. Prices and qualities are like those of a provider's premium, balanced
 * and cheap models in late 2026, but are not those of real models.
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

/** The embedding model, with the price of small ones in late 2026. Lists of models do not contain it. */
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

/** The card of a chat model by its name in requests. */
export function simulatorCard(wireName: string): SimulatorCard | undefined {
  return SIMULATOR_CARDS.find((card) => card.wireName === wireName);
}

/**
 * Configurations for a running simulator.
 * @param url its URL without a trailing slash, such as `http://127.0.0.1:41234`
 * @returns `simulator`: the provider that answers while no other is configured; `openai` and `anthropic`: the same models
 *   in either wire format, for tests with two providers
 */
export function simulatorProviders(url: string): {
  readonly simulator: ProviderConfig;
  readonly openai: ProviderConfig;
  readonly anthropic: ProviderConfig;
} {
  const openaiUrl = `${url}/openai/v1`;
  return {
    simulator: {
      id: "simulator",
      name: "Simulator",
      kind: "openai-compatible",
      baseUrl: openaiUrl,
      local: false,
    },
    openai: {
      id: "sim-openai",
      name: "Simulator (OpenAI)",
      kind: "openai",
      baseUrl: openaiUrl,
      local: false,
    },
    anthropic: {
      id: "sim-anthropic",
      name: "Simulator (Anthropic)",
      kind: "anthropic",
      baseUrl: `${url}/anthropic`,
      local: false,
    },
  };
}
