import { describe, expect, it } from "vitest";
import { health } from "../../test/support/routing/worlds.ts";
import type { BudgetScope } from "../contract/budget.ts";
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
  readonly spentUsd?: Partial<Readonly<Record<BudgetScope["kind"], number>>>;
};

const CHECKED = { language: "go", wrong: 13, rejectedWrong: 12, right: 2, passedRight: 2 };
const HOME = new Map([["home", home]]);
const SETTINGS = settingsWith(["home/a"]);

function snapshotWith(known: Known = {}) {
  const { spentUsd = {} } = known;
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
        spent: async ({ kind }) => (spentUsd[kind] ?? 0) * NANO_PER_USD,
        overrunFactors: async () => new Map(),
      },
      health: { snapshot: async () => known.health ?? new Map() },
      history: {
        answerLengths: async (routes) => routes.map((route) => ({ route, ref: "home/a", outputTokens: 1 })),
        checkRecords: async (routes) => routes.map((route) => ({ route, ...CHECKED })),
      },
    },
    nowMs: Date.UTC(2026, 10, 21, 12),
    explicitModel: undefined,
    command: undefined,
    isEdit: false,
    conversation: undefined,
    previous: undefined,
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

describe("the checks of a snapshot", () => {
  it("are those of the routes that are cascades, for edits alone", async () => {
    const settings = settingsWith(["home/a"], {
      "switchyard.routes": [
        { name: "Edits", when: { commands: ["fix"] }, models: ["home/a"], pick: "cascade" },
        { name: "All", models: ["home/a"] },
      ],
    });
    expect((await snapshotWith({ settings, isEdit: true })).checks?.map(({ route }) => route)).toEqual([
      "Edits",
    ]);
    expect((await snapshotWith({ settings })).checks).toBeUndefined();
  });
});

describe("the budget of a snapshot", () => {
  it("has what is left of each limit, never less than nothing", async () => {
    const settings = settingsWith(["home/a"], {
      "switchyard.budget.dailyUsd": 5,
      "switchyard.budget.monthlyUsd": 20,
      "switchyard.budget.perConversationUsd": 1,
      "switchyard.budget.perModelUsd": { "home/a": 2 },
      "switchyard.budget.perProviderUsd": { home: 3 },
    });
    const spentUsd = { day: 7, month: 18, conversation: 0.25, model: 0.5, provider: 1 };
    const { budget } = await snapshotWith({ settings, spentUsd, conversation: "c1" });
    expect(budget?.map(({ limit, leftNanoUsd }) => [limit, leftNanoUsd / NANO_PER_USD])).toEqual([
      [{ kind: "day" }, 0],
      [{ kind: "month" }, 2],
      [{ kind: "conversation", id: "c1" }, 0.75],
      [{ kind: "model", ref: "home/a" }, 1.5],
      [{ kind: "provider", id: "home" }, 2],
    ]);
  });

  it("has no limit of a conversation outside of one", async () => {
    const settings = settingsWith(["home/a"], {
      "switchyard.budget.dailyUsd": null,
      "switchyard.budget.perConversationUsd": 1,
    });
    expect((await snapshotWith({ settings })).budget).toBeUndefined();
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
