import type { ProviderConfig } from "../models/providerConfig.ts";

/**
 * The providers that a running simulator stands for.
 * @param url where it listens, e.g. `http://127.0.0.1:41234`, without a slash at the end
 * @returns `simulator`: the one that answers while nothing is configured; `openai` and `anthropic`: the same models
 *   behind either wire format, for tests and trials with two providers
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
