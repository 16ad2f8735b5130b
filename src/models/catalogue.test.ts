import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkSettings } from "../settings/checks.ts";
import { readSettings } from "../settings/read.ts";
import type { Settings } from "../settings/schema.ts";
import {
  type Catalogue,
  cardOf,
  derivedModels,
  knownTo,
  knows,
  modelsOf,
  withProvider,
} from "./catalogue.ts";
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

describe("cardOf", () => {
  it("has the image tokens and the prefill of the settings", () => {
    const stated = { imageTokens: 1600, assistantPrefill: true };
    const settings = settingsWith({ "switchyard.models": { "gpu-box/qwen3": stated } });
    expect(cardOf("gpu-box/qwen3", catalogue, settings)).toMatchObject(stated);
  });

  it("has a bound for addresses of images only where they lead to nothing else", () => {
    const providers = {
      proxy: { kind: "openai", baseUrl: "https://llm.example.com/v1" },
      router: { kind: "openai-compatible", baseUrl: "https://llm.example.com/v1" },
    };
    const settings = settingsWith({ "switchyard.providers": providers });
    for (const [ref, tokens, addressTokens] of [
      ["proxy/gpt-4o", 24_600, 24_600],
      ["azure/gpt-4o", 24_600, 24_600],
      ["router/openai/gpt-4o", 24_600, undefined],
      ["google/gemini-3-pro", 2_240, undefined],
    ] as const) {
      const { imageTokens, imageAddressTokens } = cardOf(ref, catalogue, settings);
      expect([ref, imageTokens, imageAddressTokens]).toEqual([ref, tokens, addressTokens]);
    }
  });

  it("has no price where the list has zero, unless the settings state it", () => {
    expect(cardOf("azure/model-router", catalogue, none).outputUsdPerMTok).toBeUndefined();
    expect(cardOf("google/lyria-3.5", catalogue, none).inputUsdPerMTok).toBeUndefined();
    const free = { inputUsdPerMTok: 0, outputUsdPerMTok: 0 };
    const settings = settingsWith({ "switchyard.models": { "zai/glm-4.7-flash": free } });
    expect(cardOf("zai/glm-4.7-flash", catalogue, settings)).toMatchObject(free);
  });

  it("returns the card of the price list, with only the capabilities that routes can require", () => {
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

  it("marks a quality as measured or estimated", () => {
    expect(cardOf("openai/gpt-5", catalogue, none).quality).toMatchObject({ value: 0.65, basis: "measured" });
    expect(cardOf("openai/gpt-6.1-sol", catalogue, none).quality?.basis).toBe("estimate");
  });

  it("leaves the prices of an unknown model undefined, never zero", () => {
    const card = cardOf("openrouter/some/model", catalogue, none);
    expect(card).toMatchObject({ wireName: "some/model", api: "chat", samplingParams: true });
    expect(card.inputUsdPerMTok).toBeUndefined();
    expect(cardOf("constructor/toString", catalogue, none).inputUsdPerMTok).toBeUndefined();
  });

  it("uses Azure's list for an Azure model, else OpenAI's, with OpenAI's quality and the deployment's name", () => {
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

  it("uses the price list that the settings name for a configured provider", () => {
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

  it("applies corrections from the settings: a corrected price applies to any size and replaces cache prices", () => {
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

  it("makes models of a local provider free, whichever list it follows", () => {
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

  it("finds cards that withProvider added, as for the simulator", () => {
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

describe("modelsOf", () => {
  it("returns the models of the list and those that the settings add", () => {
    const settings = settingsWith({ "switchyard.models": { "openai/new": {}, "gpu/x": {} } });
    expect(modelsOf("openai", catalogue, settings)).toEqual(
      expect.arrayContaining(["openai/gpt-5", "openai/new"]),
    );
    expect(modelsOf("gpu", catalogue, settings)).toEqual(["gpu/x"]);
    expect(modelsOf("ollama", catalogue, settings)).toEqual([]);
  });

  it("returns only the deployments of an Azure resource once the settings name one", () => {
    const settings = settingsWith({ "switchyard.models": { "azure/gpt-4o": { deployment: "d" } } });
    expect(modelsOf("azure", catalogue, settings)).toEqual(["azure/gpt-4o"]);
    expect(modelsOf("azure", catalogue, none).length).toBeGreaterThan(50);
  });
});

describe("knows", () => {
  it("answers yes, no, or maybe for a provider without a list", () => {
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

describe("derivedModels", () => {
  const now = Date.parse("2026-11-21");

  it("returns undated chat models of known quality, of the given providers only", () => {
    const pool = derivedModels(["openai", "anthropic"], catalogue, none, now);
    expect(pool).toContain("openai/gpt-6.1-sol");
    expect(pool).toContain("anthropic/claude-opus-5-5");
    expect(pool).not.toContain("openai/gpt-5-2025-08-07");
    expect(pool).not.toContain("anthropic/claude-opus-4-5-20251101");
    expect(pool.every((ref) => /^(?:openai|anthropic)\//.test(ref))).toBe(true);
    const cards = pool.map((ref) => cardOf(ref, catalogue, none));
    expect(cards.every(({ api, quality }) => api === "chat" && quality !== undefined)).toBe(true);
  });

  it("drops a model on the day of its announced end", () => {
    const card = { ...cardOf("openai/gpt-5", catalogue, none), wireName: "old", deprecated: "2026-11-21" };
    const more = withProvider(catalogue, "x", [{ ...card, quality: { value: 0.5, basis: "estimate" } }]);
    expect(derivedModels(["x"], more, none, now - 1)).toEqual(["x/old"]);
    expect(derivedModels(["x"], more, none, now)).toEqual([]);
  });

  it("includes a model of the settings once they set its quality", () => {
    const own = readSettings({ "switchyard.models": { "gpu/a": { quality: 0.6 }, "gpu/b": {} } }).settings;
    expect(derivedModels(["gpu"], catalogue, own, now)).toEqual(["gpu/a"]);
  });
});

describe("knownTo, through the checks of settings", () => {
  function routeProblems(models: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
    const read = readSettings({
      "switchyard.routes": [{ name: 7 }, { name: "A", models }],
      ...more,
    });
    return checkSettings(read, knownTo(catalogue, read.settings));
  }

  it("reports a typo in a route's provider as an error, with a suggestion", () => {
    expect(routeProblems(["openai/gpt-5", "anthropc/claude-opus-5-5"])).toEqual([
      {
        place: "switchyard.routes[1].models[1]",
        setting: "switchyard.routes",
        message: 'There is no provider "anthropc", so this model is skipped.',
        repair: 'Did you mean "anthropic/claude-opus-5-5"?',
        severity: "error",
      },
    ]);
  });

  it("reports an unlisted model as a warning, with the nearest name", () => {
    expect(routeProblems(["openai/gpt-6-lunar"])).toEqual([
      expect.objectContaining({
        severity: "warning",
        repair: expect.stringContaining('Did you mean "openai/gpt-6-luna"?'),
      }),
    ]);
  });

  it("accepts any model name for local and configured providers", () => {
    const providers = { box: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1" } };
    expect(routeProblems(["ollama/x", "lmstudio/y", "box/z"], { "switchyard.providers": providers })).toEqual(
      [],
    );
  });

  it("checks corrected models and the embedder too", () => {
    const read = readSettings({
      "switchyard.models": { "opnai/x": { quality: 0.5 } },
      "switchyard.semantic.embedder": "olama/nomic-embed-text",
    });
    const problems = checkSettings(read, knownTo(catalogue, read.settings));
    expect(problems.map(({ place }) => place)).toEqual([
      'switchyard.models["opnai/x"]',
      "switchyard.semantic.embedder",
    ]);
  });

  it("knows every example of the documented settings", () => {
    const models = [
      "anthropic/claude-sonnet-5-5",
      "openai/gpt-6.1-terra",
      "google/gemini-4-argon",
      "ollama/qwen3-coder",
    ];
    expect(routeProblems(models)).toEqual([]);
  });

  it("reports a provider that lacks a property its kind requires", () => {
    const read = readSettings({
      "switchyard.providers": {
        opnai: {},
        az: { kind: "azure-openai" },
        box: { kind: "openai-compatible", catalog: "opena" },
        ollama: { kind: "openai-compatible" },
      },
    });
    const problems = checkSettings(read, knownTo(catalogue, read.settings));
    expect(problems.map(({ place, repair }) => [place, repair])).toEqual([
      ["switchyard.providers.opnai", expect.stringContaining('"openai"')],
      ["switchyard.providers.az", expect.stringContaining("endpoint")],
      ["switchyard.providers.box", expect.stringContaining("baseUrl")],
      ["switchyard.providers.box.catalog", 'Did you mean "openai"?'],
    ]);
  });
});
