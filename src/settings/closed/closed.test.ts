import { describe, expect, it } from "vitest";
import { limitsOf } from "../../routing/snapshot.ts";
import { readSettings } from "../read.ts";
import { SETTING_NAMES } from "../schema.ts";

const models = ["openai/gpt-6-luna", "ollama/qwen3"];
const read = (name: string, value: unknown) => readSettings({ [`switchyard.${name}`]: value });
const messages = (name: string, value: unknown) =>
  read(name, value).problems.map(({ place, message, repair }) => `${place}: ${message} ${repair}`);

/** Reads one provider. */
const provider = (entry: unknown, id = "openai") => read("providers", { [id]: entry }).settings.providers[id];
/** Reads one route. */
const route = (more: object) => read("routes", [{ name: "R", models, ...more }]).settings.routes[0];

describe("a provider with a mistake", () => {
  const proxy = { baseUrl: "http://proxy.example/v1" };

  it("loses an unknown field by itself", () => {
    const { settings, problems } = read("providers", { openai: { ...proxy, timeoutMs: 5000 } });
    expect(settings.providers["openai"]).toEqual(proxy);
    expect(problems).toEqual([
      expect.objectContaining({ place: "switchyard.providers.openai.timeoutMs", severity: "warning" }),
    ]);
  });

  it.each([
    { ...proxy, apiVersion: 7 },
    { ...proxy, catalog: "no such/list" },
    { ...proxy, headers: { "x-team": "a", "not a name": "b", "x-number": 5 } },
  ])("loses an invalid field that decides neither address nor key by itself: %j", (entry) => {
    const { settings, problems } = read("providers", { openai: entry });
    expect(settings.providers["openai"]).toMatchObject(proxy);
    expect(settings.providers["openai"]?.headers ?? { "x-team": "a" }).toEqual({ "x-team": "a" });
    expect(problems.length).toBeGreaterThan(0);
  });

  it.each([
    null,
    "http://proxy.example/v1",
    { baseUrl: "proxy.example/v1" },
    { baseUrl: ["http://proxy.example/v1"] },
    { baseURL: "http://proxy.example/v1" },
    { base_url: "http://proxy.example/v1" },
    { url: "http://proxy.example/v1" },
    { options: { address: "http://proxy.example/v1" } },
    { gateway: "http://proxy.example/v1" },
    { gateway: "proxy.example:8080" },
    { kind: "openai-compatable", ...proxy },
    { Kind: "openai-compatible", ...proxy },
    { ...proxy, apiKeyEnv: "not a name" },
    { ...proxy, apiKeyEnv: 5 },
    { ...proxy, apikeyenv: "WORK_KEY" },
    { ...proxy, headers: "x-api-key: {key}" },
    { ...proxy, headers: { "x-api-key": ["{key}"] } },
    { ...proxy, headers: { more: { "x-auth": "{key}" } } },
  ])("is unusable if its address, kind or key cannot be read: %j", (entry) => {
    expect(provider(entry)).toMatchObject({
      unusable: expect.stringMatching(/^switchyard\.providers\.openai/),
    });
    expect(provider(entry)).not.toHaveProperty("baseUrl");
    expect(read("providers", { openai: entry }).problems.some(({ isUnreadable }) => isUnreadable)).toBe(true);
  });

  it.each(["yes", 1, null])("is not local if `local` is %j", (local) => {
    expect(provider({ ...proxy, local }, "box")).toMatchObject({ local: false });
    expect(provider({ Local: true }, "ollama")).toEqual({ local: false });
  });

  it.each([
    { headers: { Authorization: "Bearer 0a1b2c3d4e5f" } },
    { headers: { "x-custom": "sk-proj-0123456789abcdef" } },
    { baseUrl: "https://proxy.example/v1?key=0a1b2c3d4e5f" },
    { baseUrl: "https://me:0a1b2c3d4e5f@proxy.example/v1" },
    { baseUrl: "https://proxy.example/sk-proj-0123456789abcdef/v1" },
    { apiKeyEnv: "sk_live_0123456789abcdef" },
    { apiKeyEnv: "a0a1b2c3d4e5f0a1b2c3d4e5f" },
    { apiKey: "0a1b2c3d4e5f" },
  ])("is unusable if it holds a key, which the report does not repeat: %j", (entry) => {
    expect(provider(entry)).toMatchObject({ unusable: expect.any(String) });
    const [message = ""] = messages("providers", { openai: entry });
    expect(message).toMatch(/Add Provider Key…|the name of an environment variable/);
    expect(message).not.toMatch(/0a1b2c|0123456789/);
  });

  it("is every provider without an entry, if the setting is no object", () => {
    for (const value of [[], "http://proxy.example/v1", 5]) {
      expect(read("providers", value).settings.providers["*"]?.unusable).toContain("switchyard.providers");
    }
  });
});

describe("a model with a mistake", () => {
  const model = (entry: unknown) => read("models", { "openai/a": entry }).settings.models["openai/a"];

  it("keeps its other figures", () => {
    const entry = {
      inputUsdPerMTok: 9,
      outputUsdPerMTok: 9,
      quality: "good",
      notes: "x",
      maxOutputTokens: "4000",
    };
    expect(model(entry)).toEqual({ inputUsdPerMTok: 9, outputUsdPerMTok: 9, maxOutputTokens: 4000 });
  });

  it.each([
    5,
    { inputUsdPerMTok: "9", outputUsdPerMTok: 9 },
    { inputUsdPerMtok: 9, outputUsdPerMTok: 9 },
    { price: { input: 9, output: 9 } },
    { tiers: [{ aboveInputTokens: 5, inputUsdPerMTok: -1 }] },
  ])("has an unknown price if one cannot be read: %j", (entry) => {
    expect(model(entry)).toMatchObject({ hasUnknownPrice: true });
  });
});

describe("a route with a mistake", () => {
  it("keeps all of its other fields", () => {
    const more = { when: { paths: ["secret/**"] }, pick: "chepest", minQuality: 0.5, localOnly: true };
    expect(route(more)).toEqual({
      name: "R",
      models: models.map((model) => ({ model })),
      ...more,
      pick: "first",
    });
    expect(messages("routes", [{ name: "R", models, ...more }])).toEqual([
      'switchyard.routes[0].pick: Expected "first", "cheapest", "fastest", "balanced" or "cascade", found "chepest". The route picks the "first" model. Did you mean "cheapest"?',
    ]);
  });

  it.each([
    { localonly: true },
    { local_only: true },
    { "local-only": "yes" },
    { loaclOnly: true },
    { onlyLocal: true },
    { private: true },
    { localOnly: "true" },
    { localOnly: 1 },
    { localOnly: null },
    { options: { localOnly: true } },
    { when: { keywords: ["x"], localOnly: true } },
    { models: [{ model: "ollama/qwen3", localOnly: true }] },
  ])("uses local models only, however that is written: %j", (more) => {
    const { settings, problems } = read("routes", [{ name: "R", models, ...more }]);
    expect(settings.routes[0]).toMatchObject({ localOnly: true });
    expect(settings.routes[0]?.unreadable).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  });

  it("offers the right name for `localOnly`", () => {
    const repairOf = (more: object) => read("routes", [{ name: "R", models, ...more }]).problems[0]?.repair;
    expect(repairOf({ localonly: true })).toBe('Did you mean "localOnly"?');
    expect(repairOf({ private: true })).toBe('Write "localOnly": true instead.');
    expect(route({ localonly: false })?.localOnly).toBe(false);
  });

  it.each([
    { when: { complexity: ["hihg"] } },
    { when: { complexity: "high" } },
    { when: { paths: [7], keywords: ["x"] } },
    { when: { path: ["secret/**"] } },
    { when: "secret/**" },
    { when: null },
    { whn: { paths: ["secret/**"] } },
    { conditions: { paths: ["secret/**"] } },
    { paths: ["secret/**"] },
    { more: { when: { paths: ["secret/**"] } } },
    { example: ["Write a test"] },
    { examples: [] },
    { examples: ["Write a test"], threshold: 7 },
    { when: { complexity: { above: 0.8, below: 0.2 } } },
    { when: { complexity: { below: 0 } } },
    { when: { contextTokens: { above: 5, below: 6 } } },
    { when: { contextTokens: {} } },
  ])("blocks what it could be for, if a condition cannot be read: %j", (more) => {
    const blocked = route(more);
    expect(blocked?.unreadable).toMatch(/^switchyard\.routes\[0\]/);
    expect(blocked?.when).toEqual(
      JSON.stringify(more).includes("keywords") ? { keywords: ["x"] } : undefined,
    );
    // A route for local models applies to all that it could be for.
    const local = route({ ...more, localOnly: true });
    expect(local).toMatchObject({ localOnly: true });
    expect(local?.unreadable).toBeUndefined();
  });

  it.each([
    7,
    null,
    "openai/gpt-6-luna",
    {},
    { name: "R" },
    { name: "R", models: [] },
    { name: "R", models: "openai/gpt-6-luna" },
    { name: "R", models: ["luna", 5] },
    { name: "R", model: models, localOnly: true },
  ])("blocks its prompts if it is %j", (raw) => {
    const [first, second] = read("routes", [raw, { name: "Next", models }]).settings.routes;
    expect(first?.unreadable).toContain("switchyard.routes[0]");
    expect(second?.unreadable).toBeUndefined();
  });

  it("ignores models, experiments, names and other keys by themselves", () => {
    const experiment = {
      name: "x",
      control: models[0],
      treatment: "openai/other",
      treatmentShare: 0.5,
      metric: "costUsd",
    };
    expect(route({ experiment })).toEqual(route({}));
    expect(route({ experiment: { ...experiment, metric: "joy" } })).toEqual(route({}));
    expect(route({ description: "All of it" })).toEqual(route({}));
    expect(route({ effort: "maximal" })).toEqual(route({}));
    expect(messages("routes", [{ name: "R", models, effort: "maximal" }])[0]).toContain(
      "The models reason as much as they do by themselves.",
    );
    expect(route({ name: 7 })?.name).toBe("Route 1");
    const chain = [
      "luna",
      { model: "openai/a", timeoutMs: "1" },
      { model: "openai/b", userTier: ["gold"] },
      { model: "openai/c", tier: ["premium"] },
      { model: "openai/d", note: "x" },
    ];
    expect(route({ models: chain })?.models).toEqual([{ model: "openai/a" }, { model: "openai/d" }]);
  });

  it.each([
    [{ minQuality: "0.7" }, 0.7],
    [{ minQuality: 70 }, 1],
    [{ minQuality: "high" }, 1],
    [{ minquality: 0.7 }, 0.7],
    [{ minQuality: -1 }, 0],
  ])("requires the quality of %j", (more, minQuality) => {
    expect(route(more)?.minQuality).toBe(minQuality);
  });

  it("blocks everything, if the setting is no list", () => {
    const { settings } = read("routes", { name: "R", models });
    expect(settings.routes).toEqual([
      expect.objectContaining({ models: [], unreadable: expect.any(String) }),
    ]);
  });

  it("is warned of a reserved name", () => {
    for (const name of ["auto", "explicit", "derived:low"]) {
      expect(messages("routes", [{ name, models }])[0]).toContain("is reserved");
    }
  });
});

describe("private paths with a mistake", () => {
  it.each([
    ["secret/**", ["secret/**"]],
    ["a, b", ["a, b", "a", "b"]],
    [
      ["a", "", "b"],
      ["a", "b"],
    ],
    [
      ["a", ["b", "c"]],
      ["a", "b", "c"],
    ],
    [{ "secret/**": true }, ["secret/**"]],
    [
      ["a", 7],
      ["a", "**"],
    ],
    [
      ["a", null],
      ["a", "**"],
    ],
    [false, ["**"]],
  ])("%j are read as %j", (value, patterns) => {
    expect(read("privatePaths", value).settings.privatePaths).toEqual(patterns);
    expect(read("privatePaths", value).problems.length).toBeGreaterThan(0);
  });
});

describe("a limit with a mistake", () => {
  it.each([
    ["0.5", 0.5],
    ["$0.50", 0.5],
    ["0,5 USD", 0.5],
    [[0.5], 0.5],
    [{ usd: 0.5 }, 0.5],
    ["900", 5],
    ["abc", 5],
    [true, 5],
    [-3, 0],
    [Number.POSITIVE_INFINITY, 5],
  ])("is the stricter of %j and the default", (value, limit) => {
    expect(read("budget.dailyUsd", value).settings.budget.dailyUsd).toBe(limit);
    expect(messages("budget.dailyUsd", value)[0]).toContain(`A limit of ${limit} applies.`);
  });

  it("is what can be read of it, or nothing, if no limit is the default", () => {
    expect(read("budget.monthlyUsd", "20").settings.budget.monthlyUsd).toBe(20);
    expect(read("budget.monthlyUsd", "abc").settings.budget.monthlyUsd).toBe(0);
    expect(read("budget.monthlyUsd", null).settings.budget.monthlyUsd).toBeNull();
  });

  it("is a valid amount", () => {
    expect(read("maxOutputTokens", "4000.5").settings.maxOutputTokens).toBe(4000);
    expect(read("maxOutputTokens", -1).settings.maxOutputTokens).toBe(1);
    expect(read("history.keepDays", "30").settings.history.keepDays).toBe(30);
  });

  it("sends nothing beyond the budget, if what to do then cannot be read", () => {
    expect(read("budget.whenExceeded", "chepest").settings.budget.whenExceeded).toBe("stop");
  });
});

describe("a setting under another name", () => {
  it("applies if it is nested in an object, and is reported with its full name", () => {
    const nested = { budget: { dailyUsd: 0.5 }, routes: [{ name: "R", models, localOnly: true }] };
    const { settings, problems } = readSettings({ switchyard: nested });
    expect(settings.budget.dailyUsd).toBe(0.5);
    expect(settings.routes[0]?.localOnly).toBe(true);
    expect(problems.map(({ severity, repair }) => `${severity}: ${repair}`)).toEqual([
      'warning: Write it by its full name: "switchyard.routes".',
      'warning: Write it by its full name: "switchyard.budget.dailyUsd".',
    ]);
  });

  it.each(["dailyUsd", "dailyBudget", "budgetUsd", "budget.dailyLimit", "Budget.Daily-Usd"])(
    "is the daily limit if its name is %s",
    (name) => {
      const { settings, problems } = readSettings({ [`switchyard.${name}`]: 0.5 });
      expect(settings.budget.dailyUsd).toBe(0.5);
      expect(problems.map(({ repair }) => repair)).toEqual(['Did you mean "switchyard.budget.dailyUsd"?']);
    },
  );

  it("restricts the settings by what can be read of it, if its name is misspelt", () => {
    const { settings, problems } = readSettings({
      "switchyard.budget.dailyUSD": 0.5,
      "swichyard.budget.monthlyUsd": "20",
      "switchyard.provider": { openai: { baseUrl: "http://proxy.example/v1" } },
      "switchyard.routs": [{ name: "R", models, localOnly: true }],
      "switchyard.privatPaths": ["secret/**"],
      "switchyard.budget.whenExeeded": "cheapest",
    });
    expect(settings.budget).toMatchObject({ dailyUsd: 0.5, monthlyUsd: 20, whenExceeded: "stop" });
    expect(settings.providers["openai"]?.unusable).toContain('Did you mean "switchyard.providers"?');
    expect(settings.routes[0]?.unreadable).toContain('Did you mean "switchyard.routes"?');
    expect(settings.privatePaths).toEqual(["**/.env*", "secret/**"]);
    expect(problems.every(({ isUnreadable }) => isUnreadable)).toBe(true);
  });

  it("never widens the settings", () => {
    const { settings } = readSettings({
      "switchyard.budget.dailyUsd": 1,
      "switchyard.budget.dailyUSD": 900,
      "switchyard.providers": { openai: { baseUrl: "http://proxy.example/v1" } },
      "switchyard.provider": { openai: { baseUrl: "http://other.example/v1" } },
      "switchyard.routes": [{ name: "R", models }],
      "switchyard.routs": [{ name: "S", models }],
    });
    expect(settings.budget.dailyUsd).toBe(1);
    expect(settings.providers["openai"]).toEqual({ baseUrl: "http://proxy.example/v1" });
    expect(settings.routes.map(({ name }) => name)).toEqual(["R"]);
  });
});

describe("limits of models and providers that are invalid", () => {
  const read = (value: unknown) => {
    const { settings, problems } = readSettings({ "switchyard.budget.perModelUsd": value });
    return { limits: settings.budget.perModelUsd, daily: limitsOf(settings).dailyNanoUsd, problems };
  };

  it("apply as far as they can be read, each by itself", () => {
    const { limits, problems } = read({ "a/b": "0.5", "a/c": 2, "a/d": "much" });
    expect(limits).toEqual({ "a/b": 0.5, "a/c": 2, "a/d": 0 });
    expect(problems.map(({ place }) => place)).toEqual([
      'switchyard.budget.perModelUsd["a/b"]',
      'switchyard.budget.perModelUsd["a/d"]',
    ]);
  });

  it("are for all models together if they name none", () => {
    expect(read({ luna: 0.5 }).daily).toBe(5e8);
    expect(read("3").daily).toBe(3e9);
    expect(read([]).daily).toBe(0);
    expect(read({ "a/b": 1 }).daily).toBe(5e9);
  });
});

describe("settings of which a part is missing", () => {
  it("are read as if that part were the strictest", () => {
    const { settings } = readSettings({ "switchyard.routes": [{ name: "R", models }] }, true);
    expect(settings.routes.map(({ name, unreadable }) => [name, unreadable === undefined])).toEqual([
      ["R", true],
      ["Unreadable", false],
    ]);
    expect(settings.providers["*"]?.unusable).toContain("syntax error");
    expect(settings.privatePaths).toContain("**");
    expect(settings.budget).toMatchObject({ dailyUsd: 5, monthlyUsd: 0, whenExceeded: "stop" });
  });
});

it("has a reader for each setting that decides where prompts go or what may be spent", () => {
  const decisive = /providers|models|routes|budget\.(?!warnAt)|maxOutputTokens|privatePaths|keepDays/;
  for (const name of SETTING_NAMES.filter((each) => decisive.test(each))) {
    const { problems } = readSettings({ [name]: Symbol("invalid") });
    expect(problems[0]?.isUnreadable, name).toBe(true);
  }
});
