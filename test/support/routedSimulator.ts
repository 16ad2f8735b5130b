import { SIMULATOR_CARDS } from "../../src/simulator/models.ts";
import { type Simulator, startSimulator } from "../../src/simulator/server.ts";

/** A simulator that the settings name like any other provider, so that its list prices are spent. */
export type RoutedSetup = {
  readonly simulator: Simulator;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
};

/** Longer than any test runs. */
const PATIENT_MS = 240_000;

/** Starts a simulator behind one provider of each wire format and a free local one, with three routes over them. */
export async function routedSetup(): Promise<RoutedSetup> {
  const simulator = await startSimulator({ tokensPerSecond: 0 });
  const cards = SIMULATOR_CARDS.filter(({ local }) => !local).flatMap((card) =>
    ["east", "west"].map((provider) => {
      const { wireName, inputUsdPerMTok, outputUsdPerMTok, maxInputTokens, maxOutputTokens, quality } = card;
      const prices = {
        inputUsdPerMTok,
        outputUsdPerMTok,
        maxInputTokens,
        maxOutputTokens,
        quality: quality?.value,
      };
      return [`${provider}/${wireName}`, prices] as const;
    }),
  );
  const openaiUrl = `${simulator.url}/openai/v1`;
  return {
    simulator,
    env: { SIMULATOR_KEY: simulator.key },
    settings: {
      "switchyard.providers": {
        east: { kind: "openai-compatible", baseUrl: openaiUrl, apiKeyEnv: "SIMULATOR_KEY" },
        west: { kind: "anthropic", baseUrl: `${simulator.url}/anthropic`, apiKeyEnv: "SIMULATOR_KEY" },
        home: { kind: "openai-compatible", baseUrl: openaiUrl, apiKeyEnv: "SIMULATOR_KEY", local: true },
      },
      "switchyard.models": Object.fromEntries(cards),
      // An answer that a test holds back fails on no machine, however busy.
      "switchyard.timeouts": { connectMs: PATIENT_MS, firstTokenMs: PATIENT_MS, idleMs: PATIENT_MS },
      "switchyard.routes": [
        { name: "Hard", when: { complexity: ["high"] }, models: ["west/sim-premium", "east/sim-balanced"] },
        {
          name: "Middle",
          when: { complexity: ["medium"] },
          models: ["east/sim-balanced", "west/sim-premium"],
        },
        { name: "Everything else", models: ["east/sim-cheap", "west/sim-balanced", "home/sim-local"] },
      ],
    },
  };
}
