import { describe, expect, it } from "vitest";
import type { ModelRef } from "../contract/model.ts";
import type { Catalogue } from "../models/catalogue.ts";
import type { Connection } from "../providers/connections.ts";
import { readSettings } from "../settings/read.ts";
import { type ModelPoolInput, modelPoolOf } from "./snapshot.ts";

const catalogue: Catalogue = { asOf: "2026-11-21", lists: new Map(), quality: new Map() };
const local = { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", local: true };
const settingsWith = (models: readonly ModelRef[]) =>
  readSettings({
    "switchyard.providers": { home: local },
    "switchyard.routes": [{ name: "All", models }],
  }).settings;

const input: ModelPoolInput = {
  settings: settingsWith(["home/a"]),
  catalogue,
  providers: new Map<string, Connection>(),
  localModels: ["home/x"],
  explicitModel: undefined,
  simulated: false,
  nowMs: Date.UTC(2026, 10, 21, 12),
};

describe("modelPoolOf", () => {
  it("returns the same cards until something they depend on changes", () => {
    const { cards, pool } = modelPoolOf(input);
    expect([...cards.keys()]).toEqual(["home/a", "home/x"]);
    expect(pool).toEqual(["home/x"]);
    const again = modelPoolOf({ ...input, localModels: ["home/x"], nowMs: input.nowMs + 1000 });
    expect(again.cards).toBe(cards);
  });

  it("returns other cards for other settings, providers, local models and picked models", () => {
    const refs = (more: Partial<ModelPoolInput>) => [...modelPoolOf({ ...input, ...more }).cards.keys()];
    expect(refs({ settings: settingsWith(["home/b"]) })).toEqual(["home/b", "home/x"]);
    expect(refs({ localModels: ["home/y"] })).toEqual(["home/a", "home/y"]);
    expect(refs({ explicitModel: "home/z" })).toEqual(["home/a", "home/x", "home/z"]);
    expect(modelPoolOf({ ...input, providers: new Map() }).cards).not.toBe(modelPoolOf(input).cards);
  });
});
