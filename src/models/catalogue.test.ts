import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../settings/read.ts";
import type { Settings } from "../settings/schema.ts";
import { type Catalogue, cardOf, knows, modelsOf, withProvider } from "./catalogue.ts";
import { loadCatalogue } from "./catalogueFiles.ts";

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(join(import.meta.dirname, "data"));
});

function settingsWith(raw: Readonly<Record<string, unknown>>): Settings {
  const { settings, problems } = readSettings(raw);
  expect(problems).toEqual([]);
  return settings;
}

const none = readSettings({}).settings;

describe("a model's card", () => {
  it("is what the price list says, with only those capabilities that routes ask for", () => {
    expect(cardOf("anthropic/claude-haiku-5-5", catalogue, none)).toMatchObject({
      ref: "anthropic/claude-haiku-5-5",
      wireName: "claude-haiku-5-5",
      api: "chat",
      inputUsdPerMTok: 0.1,
      tiers: [{ aboveInputTokens: 100_000, outputUsdPerMTok: 2.5 }],
      capabilities: ["vision", "tools", "reasoning"],
      samplingParams: false,
      assistantPrefill: false,
      local: false,
    });
  });

  it("tells a measured quality from an estimated one", () => {
    expect(cardOf("openai/gpt-5", catalogue, none).quality).toEqual({ value: 0.65, basis: "measured" });
    expect(cardOf("openai/gpt-6.1-sol", catalogue, none).quality?.basis).toBe("estimate");
  });

  it("has no prices for a model that nobody knows, and never zero instead", () => {
    const card = cardOf("openrouter/some/model", catalogue, none);
    expect(card).toMatchObject({ wireName: "some/model", api: "chat", samplingParams: true });
    expect(card.inputUsdPerMTok).toBeUndefined();
    expect(cardOf("constructor/toString", catalogue, none).inputUsdPerMTok).toBeUndefined();
  });

  it("of Azure is Azure's, else OpenAI's, with the quality of OpenAI's and the deployment's name", () => {
    const settings = settingsWith({ "switchyard.models": { "azure/gpt-4o": { deployment: "my-gpt-4o" } } });
    expect(cardOf("azure/gpt-4o", catalogue, settings)).toMatchObject({
      wireName: "my-gpt-4o",
      inputUsdPerMTok: 2.5,
      quality: { value: 0.22 },
    });
    const [only] = [...(catalogue.lists.get("openai")?.keys() ?? [])].filter(
      (model) => !catalogue.lists.get("azure")?.has(model),
    );
    expect(cardOf(`azure/${only}`, catalogue, none).inputUsdPerMTok).toBe(
      cardOf(`openai/${only}`, catalogue, none).inputUsdPerMTok,
    );
  });

  it("of an own provider follows the price list that the settings name", () => {
    const settings = settingsWith({
      "switchyard.providers": {
        proxy: { kind: "openai-compatible", baseUrl: "https://llm.example.com/v1", catalog: "openai" },
        work: { kind: "anthropic" },
        cloud: { kind: "azure-openai", endpoint: "https://me.openai.azure.com" },
        other: { kind: "openai", baseUrl: "https://other.example.com/v1" },
      },
    });
    expect(cardOf("proxy/gpt-5", catalogue, settings)).toMatchObject({
      inputUsdPerMTok: 1.25,
      quality: { value: 0.65 },
    });
    expect(cardOf("work/claude-haiku-5-5", catalogue, settings).inputUsdPerMTok).toBe(0.1);
    expect(cardOf("cloud/gpt-5", catalogue, settings).quality?.value).toBe(0.65);
    expect(cardOf("other/gpt-5", catalogue, settings).inputUsdPerMTok).toBeUndefined();
  });

  it("is corrected by the settings: a price of one's own holds at any size, and for the cache too", () => {
    const settings = settingsWith({
      "switchyard.models": {
        "anthropic/claude-haiku-5-5": { inputUsdPerMTok: 3, quality: 0.9, capabilities: [] },
      },
    });
    const card = cardOf("anthropic/claude-haiku-5-5", catalogue, settings);
    expect(card).toMatchObject({
      inputUsdPerMTok: 3,
      outputUsdPerMTok: 0.5,
      tiers: [],
      quality: { value: 0.9, basis: "settings" },
      capabilities: [],
      maxInputTokens: 1_000_000,
    });
    expect(card.cacheReadUsdPerMTok).toBeUndefined();
  });

  it("costs nothing with a local provider, whichever list it follows", () => {
    const settings = settingsWith({
      "switchyard.providers": {
        "gpu-box": {
          kind: "openai-compatible",
          baseUrl: "http://10.0.0.7:8000/v1",
          local: true,
          catalog: "groq",
        },
      },
    });
    const free = { inputUsdPerMTok: 0, outputUsdPerMTok: 0, local: true };
    expect(cardOf("gpu-box/openai/gpt-oss-120b", catalogue, settings)).toMatchObject(free);
    expect(cardOf("ollama/qwen3-coder", catalogue, none)).toMatchObject(free);
    expect(cardOf("lmstudio/anything", catalogue, none)).toMatchObject(free);
  });

  it("may come from elsewhere, as the simulator's do", () => {
    const base = cardOf("openai/gpt-5", catalogue, none);
    const more = withProvider(catalogue, "simulator", [{ ...base, wireName: "sim-cheap" }]);
    const settings = settingsWith({
      "switchyard.providers": {
        trial: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", catalog: "simulator" },
      },
    });
    expect(cardOf("simulator/sim-cheap", more, none)).toMatchObject({
      ref: "simulator/sim-cheap",
      inputUsdPerMTok: 1.25,
      quality: { value: 0.65 },
    });
    expect(cardOf("trial/sim-cheap", more, settings).inputUsdPerMTok).toBe(1.25);
    expect(catalogue.lists.has("simulator")).toBe(false);
  });
});

describe("the models of a provider", () => {
  it("are those of its list and those that the settings add", () => {
    const settings = settingsWith({ "switchyard.models": { "openai/new": {}, "gpu/x": {} } });
    expect(modelsOf("openai", catalogue, settings)).toEqual(
      expect.arrayContaining(["openai/gpt-5", "openai/new"]),
    );
    expect(modelsOf("gpu", catalogue, settings)).toEqual(["gpu/x"]);
    expect(modelsOf("ollama", catalogue, settings)).toEqual([]);
  });

  it("are, with Azure, what was deployed as soon as the settings name it", () => {
    const settings = settingsWith({ "switchyard.models": { "azure/gpt-4o": { deployment: "d" } } });
    expect(modelsOf("azure", catalogue, settings)).toEqual(["azure/gpt-4o"]);
    expect(modelsOf("azure", catalogue, none).length).toBeGreaterThan(50);
  });

  it("are known, not known, or perhaps there where nobody lists them", () => {
    const settings = settingsWith({
      "switchyard.models": { "openai/new": {} },
      "switchyard.providers": {
        proxy: { kind: "openai-compatible", baseUrl: "https://x.example", catalog: "openai" },
      },
    });
    expect(knows("openai/gpt-5", catalogue, settings)).toBe("yes");
    expect(knows("openai/new", catalogue, settings)).toBe("yes");
    expect(knows("openai/gtp-5", catalogue, settings)).toBe("no");
    expect(knows("ollama/anything", catalogue, settings)).toBe("maybe");
    expect(knows("openrouter/any/thing", catalogue, settings)).toBe("maybe");
    expect(knows("proxy/own-name", catalogue, settings)).toBe("maybe");
  });
});
