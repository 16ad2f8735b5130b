import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { attributes, card, health, world } from "../../test/support/routing/worlds.ts";
import type { Attributes } from "../contract/decision.ts";
import { withProvider } from "../models/catalogue.ts";
import { loadCatalogue } from "../models/catalogueFiles.ts";
import type { World } from "../routing/decide/world.ts";
import { readSettings } from "../settings/read.ts";
import { modelOptionsOf } from "./modelOptions.ts";

const listed = await loadCatalogue(fileURLToPath(new URL("../models/data", import.meta.url)));
const catalogue = withProvider(listed, "simulator", [card("simulator/sim-cheap")]);
const { settings } = readSettings({});
const NOW_MS = Date.parse("2026-11-21T15:00:00Z");

const blind = card("box/blind", { local: true, capabilities: ["tools"] });

function optionsFor(known: Partial<World> = {}, more: Partial<Attributes> = {}) {
  const providers = new Map([
    ["anthropic", { name: "Anthropic", usable: true, local: false }],
    ["google", { name: "Google", usable: false, local: false }],
    ["simulator", { name: "Simulator", usable: false, local: false }],
    ["box", { name: "box", usable: true, local: true }],
  ]);
  const now = world([blind], { nowMs: NOW_MS, providers, ...known });
  return modelOptionsOf(
    { attributes: attributes(more), features: { contextTokens: 100 }, world: now },
    settings,
    catalogue,
  );
}

const find = (ref: string, options = optionsFor()) => options.models.find((model) => model.ref === ref);

describe("the models that the user can choose", () => {
  it("are the current ones of usable providers, the best of each first, with prices and window", () => {
    const { models, keyless } = optionsFor();
    const refs = models.map(({ ref }) => ref);
    expect(refs).toContain("box/blind");
    expect(refs.some((ref) => ref.startsWith("google/"))).toBe(false);
    expect(refs.some((ref) => /-\d{8}$/.test(ref))).toBe(false);
    const qualities = models
      .filter(({ ref }) => ref.startsWith("anthropic/"))
      .map(({ quality }) => quality?.value ?? -1);
    expect(qualities).toEqual(qualities.toSorted((a, b) => b - a));
    expect(find("anthropic/claude-opus-5-5")).toMatchObject({ inputUsdPerMTok: 4, outputUsdPerMTok: 20 });
    expect(find("anthropic/claude-opus-5-5")?.maxInputTokens).toBeGreaterThan(100_000);
    expect(keyless).toEqual([{ id: "google", name: "Google", models: expect.any(Number) }]);
    expect(keyless[0]?.models).toBeGreaterThan(1);
  });

  it("are not those of the simulator, which needs no key", () => {
    expect(optionsFor().keyless.map(({ id }) => id)).toEqual(["google"]);
  });

  it("say why the next prompt would skip them, and whether it would be sent if one is picked", () => {
    const off = new Map([["anthropic/claude-opus-5-5", health({ switchedOff: true })]]);
    expect(find("anthropic/claude-opus-5-5", optionsFor({ health: off }))).toMatchObject({
      skipped: { reason: "switched-off" },
      isBlocked: true,
    });
    const breaker = { kind: "open", failures: 5, openedAtMs: NOW_MS, openMs: 8000 } as const;
    const paused = new Map([["anthropic/claude-opus-5-5", health({ breaker })]]);
    const option = find("anthropic/claude-opus-5-5", optionsFor({ health: paused }));
    expect(option).toMatchObject({ skipped: { reason: "breaker-open", failures: 5 } });
    expect(option?.isBlocked).toBeUndefined();
    expect(find("box/blind", optionsFor({}, { needs: ["vision"] }))?.skipped).toMatchObject({
      reason: "capability",
      missing: "vision",
    });
    const local = optionsFor({}, { isPrivate: true });
    expect(find("anthropic/claude-opus-5-5", local)?.skipped?.reason).toBe("private");
    expect(find("box/blind", local)?.skipped).toBeUndefined();
  });
});
