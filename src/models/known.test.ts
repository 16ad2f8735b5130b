import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { checkProviders } from "../settings/checkProviders.ts";
import { checkRoutes } from "../settings/checkRoutes.ts";
import { readSettings } from "../settings/read.ts";
import type { Catalogue } from "./catalogue.ts";
import { loadCatalogue } from "./catalogueFiles.ts";
import { knownTo } from "./known.ts";

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(join(import.meta.dirname, "data"));
});

function routeProblems(models: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
  const read = readSettings({
    "switchyard.routes": [{ name: 7 }, { name: "A", models }],
    ...more,
  });
  return checkRoutes(read, knownTo(catalogue, read.settings));
}

it("a route's model with a typo in its provider is an error, with what was meant", () => {
  expect(routeProblems(["openai/gpt-5", "anthropc/claude-opus-5-5"])).toEqual([
    {
      place: "switchyard.routes[1].models[1]",
      setting: "switchyard.routes",
      message: 'No provider is called "anthropc": this model is passed over.',
      repair: 'Did you mean "anthropic/claude-opus-5-5"?',
      severity: "error",
    },
  ]);
});

it("a model that nobody lists is a hint, with the nearest name", () => {
  expect(routeProblems(["openai/gpt-6-lunar"])).toEqual([
    expect.objectContaining({
      severity: "warning",
      repair: expect.stringContaining('Did you mean "openai/gpt-6-luna"?'),
    }),
  ]);
});

it("models of local and own providers may have any name", () => {
  const providers = { box: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1" } };
  expect(routeProblems(["ollama/x", "lmstudio/y", "box/z"], { "switchyard.providers": providers })).toEqual(
    [],
  );
});

it("corrected models and the embedder are looked at too", () => {
  const read = readSettings({
    "switchyard.models": { "opnai/x": { quality: 0.5 } },
    "switchyard.semantic.embedder": "olama/nomic-embed-text",
  });
  const problems = checkRoutes(read, knownTo(catalogue, read.settings));
  expect(problems.map(({ place }) => place)).toEqual([
    'switchyard.models["opnai/x"]',
    "switchyard.semantic.embedder",
  ]);
});

it("every example of the documented settings is known", () => {
  const models = [
    "anthropic/claude-sonnet-5-5",
    "openai/gpt-6.1-terra",
    "google/gemini-4-argon",
    "ollama/qwen3-coder",
  ];
  expect(routeProblems(models)).toEqual([]);
});

it("a provider that lacks what its kind needs is named", () => {
  const { settings } = readSettings({
    "switchyard.providers": {
      opnai: {},
      az: { kind: "azure-openai" },
      box: { kind: "openai-compatible", catalog: "opena" },
      ollama: { kind: "openai-compatible" },
    },
  });
  const problems = checkProviders(settings, knownTo(catalogue, settings));
  expect(problems.map(({ place, repair }) => [place, repair])).toEqual([
    ["switchyard.providers.opnai", expect.stringContaining('"openai"')],
    ["switchyard.providers.az", expect.stringContaining("endpoint")],
    ["switchyard.providers.box", expect.stringContaining("baseUrl")],
    ["switchyard.providers.box.catalog", 'Did you mean "openai"?'],
  ]);
});
