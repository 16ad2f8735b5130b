import { describe, expect, it } from "vitest";
import type { SettingProblem } from "./problem.ts";
import { defaultSettings, readSettings } from "./read.ts";

const models = ["openai/gpt-6-luna"];

function only(raw: Readonly<Record<string, unknown>>): SettingProblem {
  const { problems } = readSettings(raw);
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  if (problem === undefined) throw new Error("no problem");
  return problem;
}

describe("settings that are right", () => {
  it("are the documented defaults where nothing is set", () => {
    const { settings, problems } = readSettings({});
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      providers: {},
      models: {},
      routes: [],
      complexity: {
        keywords: {
          high: ["analyze", "compare", "evaluate", "synthesize", "create"],
          medium: ["explain", "describe", "summarize", "list"],
          low: ["what is", "define", "translate", "format"],
        },
        length: { highAbove: 2000, mediumAbove: 500 },
      },
      semantic: { embedder: "built-in" },
      secondUsd: 0.001,
      userTier: "standard",
      user: "",
      budget: { dailyUsd: 5, monthlyUsd: null, whenExceeded: "free", warnAt: [0.8] },
      maxOutputTokens: 16384,
      timeouts: {
        connectMs: 5000,
        firstTokenMs: 12000,
        firstTokenReasoningMs: 90000,
        idleMs: 20000,
        totalMs: 300000,
      },
      breaker: { failures: 3, openMs: 10000, maxOpenMs: 30000 },
      fallbackFromExplicitChoice: false,
      privatePaths: ["**/.env*"],
      conversations: { keepDays: 90 },
      history: { keepDays: 400, keepText: false },
    });
  });

  it("have the shorthands of a route written out", () => {
    const { settings } = readSettings({
      "switchyard.routes": [{ name: "A", models: ["openai/a", { model: "azure/b", timeoutMs: 30000 }] }],
    });
    expect(settings.routes).toEqual([
      {
        name: "A",
        models: [{ model: "openai/a" }, { model: "azure/b", timeoutMs: 30000 }],
        pick: "first",
        localOnly: false,
      },
    ]);
  });

  it("take the default for each field of an object that is left out", () => {
    const { settings, problems } = readSettings({ "switchyard.timeouts": { idleMs: 1 } });
    expect(problems).toEqual([]);
    expect(settings.timeouts).toEqual({ ...defaultSettings().timeouts, idleMs: 1 });
  });

  it("may say that there is no limit, or that a level has no keywords", () => {
    const { settings, problems } = readSettings({
      "switchyard.budget.dailyUsd": null,
      "switchyard.complexity.keywords": { high: [] },
    });
    expect(problems).toEqual([]);
    expect(settings.budget.dailyUsd).toBeNull();
    expect(settings.complexity.keywords.high).toEqual([]);
    expect(settings.complexity.keywords.low).toContain("define");
  });

  it("may still hold what version 0.1.0 declared and never used, without a complaint", () => {
    const experiment = { name: "x", control: "openai/a", treatment: "openai/b", treatmentShare: 0.2 };
    const { settings, problems } = readSettings({
      "switchyard.prompts": { review: "Review this: {selection}" },
      "switchyard.endpoint": { enabled: true, port: 4141 },
      "switchyard.endpoint.port": 4141,
      "switchyard.routes": [
        { name: "A", models: ["openai/a", "openai/b"], experiment: { ...experiment, metric: "kept" } },
      ],
    });
    expect(problems).toEqual([]);
    expect(settings.routes[0]?.experiment).toEqual({ ...experiment, unit: "conversation", metric: "thumbs" });
  });

  it("leave other products' names alone", () => {
    expect(readSettings({ "editor.fontSize": "huge", "[markdown]": {} }).problems).toEqual([]);
  });
});

describe("a wrong setting", () => {
  it("is named by its place, with what was meant, and only its route is left out", () => {
    const raw = {
      "switchyard.routes": [
        { name: "A", models },
        { name: "B", when: { languages: ["go"] }, models },
        { name: "C", when: { complexity: ["hihg"] }, models },
      ].reverse(),
    };
    expect(only(raw)).toEqual({
      place: "switchyard.routes[0].when.complexity[0]",
      setting: "switchyard.routes",
      message: '"hihg" is not among "low", "medium" or "high". switchyard.routes[0] is left out.',
      repair: 'Did you mean "high"?',
      severity: "error",
    });
    expect(readSettings(raw).settings.routes.map(({ name }) => name)).toEqual(["B", "A"]);
  });

  it("is a typo in a route's key, which could make it match everything", () => {
    const problem = only({ "switchyard.routes": [{ name: "A", whn: {}, models }] });
    expect(problem.place).toBe("switchyard.routes[0].whn");
    expect(problem.repair).toBe('Did you mean "when"?');
  });

  it("is a negative budget, and the default holds", () => {
    const raw = { "switchyard.budget.dailyUsd": -3 };
    expect(only(raw)).toMatchObject({
      message: "-3 is too small. The default, 5, holds.",
      repair: "Write 0 or more.",
    });
    expect(readSettings(raw).settings.budget.dailyUsd).toBe(5);
  });

  it("is a number in quotes", () => {
    expect(only({ "switchyard.budget.dailyUsd": "5" }).repair).toBe("Write 5 without quotes.");
  });

  it("is a name that no setting has", () => {
    expect(only({ "switchyard.budget.dailyUSD": 3 }).repair).toBe(
      'Did you mean "switchyard.budget.dailyUsd"?',
    );
    expect(only({ "switchyard.budget": { dailyUsd: 3 } }).repair).toContain("switchyard.budget.dailyUsd");
  });

  it("is a list where an object belongs, and the other way round", () => {
    expect(only({ "switchyard.timeouts": [] }).message).toContain("A list stands where an object");
    expect(only({ "switchyard.providers": [] }).message).toContain("A list stands where an object");
    expect(only({ "switchyard.routes": {} }).message).toContain("An object stands where a list");
  });

  it("is one field of several, and the other fields hold", () => {
    const raw = { "switchyard.breaker": { failures: 0, openMs: 5000, maxOpenMs: 7000 } };
    expect(only(raw)).toMatchObject({ place: "switchyard.breaker.failures" });
    expect(readSettings(raw).settings.breaker).toEqual({ failures: 3, openMs: 5000, maxOpenMs: 7000 });
  });

  it("is one keyword of a list, and the others hold", () => {
    const raw = { "switchyard.complexity.keywords": { high: ["prove", 7], low: 3 } };
    const { settings, problems } = readSettings(raw);
    expect(problems.map(({ place }) => place)).toEqual([
      "switchyard.complexity.keywords.high[1]",
      "switchyard.complexity.keywords.low",
    ]);
    expect(settings.complexity.keywords.high).toEqual(["prove"]);
    expect(settings.complexity.keywords.low).toContain("define");
  });

  it("is a pair that does not fit together", () => {
    expect(only({ "switchyard.breaker": { openMs: 9000, maxOpenMs: 10 } }).repair).toContain(
      "no less than openMs",
    );
    expect(only({ "switchyard.complexity.length": { highAbove: 1 } }).repair).toContain("mediumAbove");
  });

  it("is a model's name without its provider, in both ways to write it", () => {
    const { problems } = readSettings({
      "switchyard.routes": [{ name: "A", models: ["gpt-4o", { model: 4 }, { modle: "openai/a" }] }],
    });
    expect(problems.map(({ place }) => place)).toEqual([
      "switchyard.routes[0].models[0]",
      "switchyard.routes[0].models[1].model",
      "switchyard.routes[0].models[2].modle",
      "switchyard.routes[0].models[2].model",
    ]);
    expect(problems[0]?.repair).toContain("provider/model");
  });

  it("is an experiment on a model that the route does not have", () => {
    const experiment = {
      name: "x",
      control: models[0],
      treatment: "openai/other",
      treatmentShare: 0.2,
      metric: "thumbs",
    };
    expect(only({ "switchyard.routes": [{ name: "A", models, experiment }] }).repair).toContain("treatment");
  });

  it("in a model's card leaves that card out by its name", () => {
    const raw = { "switchyard.models": { "openai/a": { quality: 7 }, "openai/b": { quality: 0.7 } } };
    expect(only(raw).place).toBe('switchyard.models["openai/a"].quality');
    expect(Object.keys(readSettings(raw).settings.models)).toEqual(["openai/b"]);
  });
});

describe("a hint", () => {
  it("is given for a route that is never reached, at its place among all that was written", () => {
    const routes = [
      { name: 3, models },
      { name: "A", models },
      { name: "B", when: { needs: ["tools"] }, models },
    ];
    const { problems, settings } = readSettings({ "switchyard.routes": routes });
    expect(problems.at(-1)).toMatchObject({ severity: "warning", place: "switchyard.routes[2]" });
    expect(problems.at(-1)?.message).toContain("switchyard.routes[1] matches everything");
    expect(settings.routes).toHaveLength(2);
  });

  it("is given for a name that two routes have", () => {
    const when = { needs: ["tools"] };
    const problem = only({
      "switchyard.routes": [
        { name: "A", when, models },
        { name: "A", models },
      ],
    });
    expect(problem).toMatchObject({ severity: "warning", place: "switchyard.routes[1].name" });
  });
});

describe("keys", () => {
  it("are never repeated, wherever among the providers they were put", () => {
    const key = "sk-live-0123456789abcdef";
    const { problems, settings } = readSettings({
      "switchyard.providers": {
        a: { kind: "openai-compatible", baseUrl: `https://me:${key}@x.example/v1` },
        b: { apiKeyEnv: key },
        c: { headers: { Authorization: `Bearer ${key}` } },
        d: { apiKey: key },
        e: { headers: { "x-api-key": "{key}" } },
      },
    });
    expect(problems).toHaveLength(4);
    expect(JSON.stringify(problems)).not.toContain(key);
    expect(Object.keys(settings.providers)).toEqual(["e"]);
    expect(problems.at(-1)?.repair).toBe('Did you mean "apiKeyEnv"?');
  });
});
