import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readSettings } from "../settings/read.ts";
import { type Catalogue, cardOf, withProvider } from "./catalogue.ts";
import { loadCatalogue } from "./catalogueFiles.ts";
import { derivedModels } from "./derivedModels.ts";

const now = Date.parse("2026-11-21");
const { settings } = readSettings({});
let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(join(import.meta.dirname, "data"));
});

it("the pool holds undated chat models of known quality, of the given providers only", () => {
  const pool = derivedModels(["openai", "anthropic"], catalogue, settings, now);
  expect(pool).toContain("openai/gpt-6.1-sol");
  expect(pool).toContain("anthropic/claude-opus-5-5");
  expect(pool).not.toContain("openai/gpt-5-2025-08-07");
  expect(pool).not.toContain("anthropic/claude-opus-4-5-20251101");
  expect(pool.every((ref) => /^(?:openai|anthropic)\//.test(ref))).toBe(true);
  const cards = pool.map((ref) => cardOf(ref, catalogue, settings));
  expect(cards.every(({ api, quality }) => api === "chat" && quality !== undefined)).toBe(true);
});

it("a model leaves the pool on the day of its announced end", () => {
  const card = { ...cardOf("openai/gpt-5", catalogue, settings), wireName: "old", deprecated: "2026-11-21" };
  const more = withProvider(catalogue, "x", [{ ...card, quality: { value: 0.5, basis: "estimate" } }]);
  expect(derivedModels(["x"], more, settings, now - 1)).toEqual(["x/old"]);
  expect(derivedModels(["x"], more, settings, now)).toEqual([]);
});

it("a model of the settings is in the pool once they say its quality", () => {
  const own = readSettings({ "switchyard.models": { "gpu/a": { quality: 0.6 }, "gpu/b": {} } }).settings;
  expect(derivedModels(["gpu"], catalogue, own, now)).toEqual(["gpu/a"]);
});
