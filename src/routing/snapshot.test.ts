import { describe, expect, it } from "vitest";
import { health } from "../../test/support/routing/worlds.ts";
import type { HealthSnapshot } from "../contract/health.ts";
import type { ModelRef } from "../contract/model.ts";
import { NANO_PER_USD } from "../contract/money.ts";
import type { Catalogue } from "../models/catalogue.ts";
import type { ConfiguredProvider } from "../providers/registry/providerSettings.ts";
import { readSettings } from "../settings/read.ts";
import { limitsOf, type SnapshotInput, snapshotOf } from "./snapshot.ts";

const catalogue: Catalogue = { lists: new Map(), quality: new Map() };
const local = { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", local: true };
const home: ConfiguredProvider = {
  config: { id: "home", name: "Home", kind: "openai-compatible", local: true },
  name: "Home",
  usable: true,
  local: true,
  fingerprint: "key-1",
};

function settingsWith(models: readonly ModelRef[], more: Readonly<Record<string, unknown>> = {}) {
  return readSettings({
    "switchyard.providers": { home: local },
    "switchyard.routes": [{ name: "All", models }],
    ...more,
  }).settings;
}

type Known = Partial<SnapshotInput> & {
  readonly configured?: ReadonlyMap<string, ConfiguredProvider>;
  readonly localModels?: readonly ModelRef[];
  readonly health?: HealthSnapshot;
  readonly spentUsd?: { readonly day: number; readonly month: number };
};

const HOME = new Map([["home", home]]);
const SETTINGS = settingsWith(["home/a"]);

function snapshotWith(known: Known = {}) {
  const spentUsd = known.spentUsd ?? { day: 0, month: 0 };
  return snapshotOf({
    settings: SETTINGS,
    settingsHash: "settings-1",
    catalogue,
    providers: {
      all: async () => known.configured ?? HOME,
      onlySimulated: async () => false,
      localModels: async () => [...(known.localModels ?? ["home/x"])],
    },
    ledger: {
      budget: {
        spent: async (period) => spentUsd[period] * NANO_PER_USD,
        overrunFactors: async () => new Map(),
      },
      health: { snapshot: async () => known.health ?? new Map() },
      history: {
        answerLengths: async (routes) => routes.map((route) => ({ route, ref: "home/a", outputTokens: 1 })),
      },
    },
    nowMs: Date.UTC(2026, 10, 21, 12),
    explicitModel: undefined,
    command: undefined,
    conversation: undefined,
    ...known,
  });
}

describe("the models of a snapshot", () => {
  it("are the same objects until something they depend on changes", async () => {
    const { cards, pool } = await snapshotWith();
    expect([...cards.keys()]).toEqual(["home/a", "home/x"]);
    expect(pool).toEqual(["home/x"]);
    const again = await snapshotWith({ localModels: ["home/x"], nowMs: Date.UTC(2026, 10, 21, 12, 0, 1) });
    expect(again.cards).toBe(cards);
  });

  it("differ for other settings, providers, local models and picked models", async () => {
    const refs = async (known: Known) => [...(await snapshotWith(known)).cards.keys()];
    expect(await refs({ settings: settingsWith(["home/b"]) })).toEqual(["home/b", "home/x"]);
    expect(await refs({ localModels: ["home/y"] })).toEqual(["home/a", "home/y"]);
    expect(await refs({ explicitModel: "home/z" })).toEqual(["home/a", "home/x", "home/z"]);
    const other = await snapshotWith({ configured: new Map(HOME) });
    expect(other.cards).not.toBe((await snapshotWith()).cards);
  });
});

describe("the budget of a snapshot", () => {
  const limited = settingsWith(["home/a"], {
    "switchyard.budget.dailyUsd": 5,
    "switchyard.budget.monthlyUsd": 20,
  });

  it("is the tighter of day and month, never negative", async () => {
    const left = async (day: number, month: number) =>
      (await snapshotWith({ settings: limited, spentUsd: { day, month } })).budget;
    const usd = (amount: number) => amount * NANO_PER_USD;
    expect(await left(1, 1)).toEqual({ period: "day", budgetNanoUsd: usd(5), leftNanoUsd: usd(4) });
    expect(await left(1, 18)).toEqual({ period: "month", budgetNanoUsd: usd(20), leftNanoUsd: usd(2) });
    expect(await left(7, 7)).toEqual({ period: "day", budgetNanoUsd: usd(5), leftNanoUsd: 0 });
  });

  it("is undefined without limits", async () => {
    const unlimited = settingsWith(["home/a"], { "switchyard.budget.dailyUsd": null });
    expect(limitsOf(unlimited)).toEqual({});
    expect((await snapshotWith({ settings: unlimited })).budget).toBeUndefined();
  });
});

describe("the health of a snapshot", () => {
  const paused = (fingerprint: string) =>
    health({ pause: { kind: "unchanged", reason: "auth", fingerprint } });

  it("is the ledger's own map as long as no pause has lapsed", async () => {
    const stored = new Map([
      ["home", paused("key-1")],
      ["home/a", paused("settings-1")],
    ]);
    expect((await snapshotWith({ health: stored })).health).toBe(stored);
  });

  it("drops the pause of a provider whose key changed, and of a model after a change of settings", async () => {
    const stored = new Map([
      ["home", paused("key-0")],
      ["home/a", paused("settings-0")],
      ["home/x", health({ pause: { kind: "until", reason: "quota", untilMs: 1 } })],
    ]);
    const snapshot = (await snapshotWith({ health: stored })).health;
    expect(snapshot.get("home")?.pause).toBeUndefined();
    expect(snapshot.get("home/a")?.pause).toBeUndefined();
    expect(snapshot.get("home/x")?.pause?.kind).toBe("until");
    expect(stored.get("home")?.pause?.kind).toBe("unchanged");
  });
});

it("reads the lengths of answers of all routes that answers are recorded under", async () => {
  const { answers } = await snapshotWith();
  expect(answers.map(({ route }) => route)).toEqual([
    "All",
    "derived:high",
    "derived:medium",
    "derived:low",
    "explicit",
  ]);
});
