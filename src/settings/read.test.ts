import { describe, expect, it } from "vitest";
import type { SettingProblem } from "./problems.ts";
import { readSettings } from "./read.ts";

const models = ["openai/gpt-6-luna"];

function only(raw: Readonly<Record<string, unknown>>): SettingProblem {
  const { problems } = readSettings(raw);
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  if (problem === undefined) throw new Error("There is no problem.");
  return problem;
}

describe("valid settings", () => {
  it("have the documented defaults", () => {
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
        hold: true,
      },
      semantic: { embedder: "built-in" },
      dial: "balanced",
      derived: { tolerance: 0.02 },
      escalate: "offer",
      escalation: { maxSteps: 2 },
      secondUsd: 0.001,
      userTier: "standard",
      verify: { command: "", timeoutMs: 120_000 },
      user: "",
      budget: {
        dailyUsd: 5,
        monthlyUsd: null,
        perConversationUsd: null,
        perModelUsd: {},
        perProviderUsd: {},
        whenExceeded: "free",
        warnAt: [0.8],
      },
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
      prompts: {},
      conversations: { keepDays: 90 },
      history: { keepDays: 400, keepText: false },
    });
  });

  it("have the shorthands of routes expanded", () => {
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

  it("have the default of each missing field of an object", () => {
    const { settings, problems } = readSettings({ "switchyard.timeouts": { idleMs: 1 } });
    expect(problems).toEqual([]);
    expect(settings.timeouts).toEqual({ ...readSettings({}).settings.timeouts, idleMs: 1 });
  });

  it("can have no limit, and no keywords for a level", () => {
    const { settings, problems } = readSettings({
      "switchyard.budget.dailyUsd": null,
      "switchyard.complexity.keywords": { high: [] },
    });
    expect(problems).toEqual([]);
    expect(settings.budget.dailyUsd).toBeNull();
    expect(settings.complexity.keywords.high).toEqual([]);
    expect(settings.complexity.keywords.low).toContain("define");
  });

  it("can contain what version 0.1.0 declared and never used", () => {
    const { problems } = readSettings({
      "switchyard.endpoint": { enabled: true, port: 4141 },
      "switchyard.endpoint.port": 4141,
    });
    expect(problems).toEqual([]);
  });

  it("can compare by any metric, also whether edits are kept", () => {
    const [control, treatment] = ["openai/a", "openai/b"];
    const arms = { control, treatment, treatmentShare: 0.2 };
    for (const metric of ["kept", "thumbs", "costUsd", "latencyMs"]) {
      const experiment = { name: "x", ...arms, metric };
      const { settings, problems } = readSettings({
        "switchyard.routes": [{ name: "A", models: [control, treatment], experiment }],
      });
      expect(problems).toEqual([]);
      expect(settings.routes[0]?.experiment?.metric).toBe(metric);
    }
  });

  it("can contain settings of other products", () => {
    expect(readSettings({ "editor.fontSize": "huge", "[markdown]": {} }).problems).toEqual([]);
  });
});

describe("an invalid setting", () => {
  it("is reported with its place and what was probably meant, and only its route is blocked", () => {
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
      message:
        'Expected "low", "medium" or "high", found "hihg". No prompt that the other conditions match is sent.',
      repair: 'Did you mean "high"?',
      severity: "error",
      isUnreadable: true,
    });
    const { routes } = readSettings(raw).settings;
    expect(routes.map(({ name, unreadable }) => [name, unreadable !== undefined])).toEqual([
      ["C", true],
      ["B", false],
      ["A", false],
    ]);
  });

  it("is an unknown key in a route, without which the route could match everything", () => {
    const problem = only({ "switchyard.routes": [{ name: "A", whn: {}, models }] });
    expect(problem.place).toBe("switchyard.routes[0].whn");
    expect(problem.repair).toBe('Did you mean "when"?');
  });

  it("is a negative budget, and nothing may be spent", () => {
    const raw = { "switchyard.budget.dailyUsd": -3 };
    expect(only(raw)).toMatchObject({
      message: "-3 is too small. A limit of 0 applies.",
      repair: "Use 0 or more.",
    });
    expect(readSettings(raw).settings.budget.dailyUsd).toBe(0);
  });

  it("is a number in quotes", () => {
    expect(only({ "switchyard.budget.dailyUsd": "5" }).repair).toBe("Write 5 without quotes.");
  });

  it("is an unknown setting", () => {
    expect(only({ "switchyard.budget.dailyUSD": 3 }).repair).toBe(
      'Did you mean "switchyard.budget.dailyUsd"?',
    );
    expect(only({ "switchyard.budget": { dailyUsd: 3 } }).repair).toContain("switchyard.budget.dailyUsd");
  });

  it("is a list instead of an object, or an object instead of a list", () => {
    expect(only({ "switchyard.timeouts": [] }).message).toContain("Expected an object, found an array.");
    expect(only({ "switchyard.providers": [] }).message).toContain("Expected an object, found an array.");
    expect(only({ "switchyard.routes": {} }).message).toContain("Expected an array, found an object.");
  });

  it("is one field of an object, and the other fields apply", () => {
    const raw = { "switchyard.breaker": { failures: 0, openMs: 5000, maxOpenMs: 7000 } };
    expect(only(raw)).toMatchObject({ place: "switchyard.breaker.failures" });
    expect(readSettings(raw).settings.breaker).toEqual({ failures: 3, openMs: 5000, maxOpenMs: 7000 });
  });

  it("is one keyword of a list, and the others apply", () => {
    const raw = { "switchyard.complexity.keywords": { high: ["prove", 7], low: 3 } };
    const { settings, problems } = readSettings(raw);
    expect(problems.map(({ place }) => place)).toEqual([
      "switchyard.complexity.keywords.high[1]",
      "switchyard.complexity.keywords.low",
    ]);
    expect(settings.complexity.keywords.high).toEqual(["prove"]);
    expect(settings.complexity.keywords.low).toContain("define");
  });

  it("is a pair of values that contradict each other", () => {
    expect(only({ "switchyard.breaker": { openMs: 9000, maxOpenMs: 10 } }).repair).toContain(
      "not less than openMs",
    );
    expect(only({ "switchyard.complexity.length": { highAbove: 1 } }).repair).toContain("mediumAbove");
  });

  it("is a model without its provider, as a string or as an object", () => {
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

  it("is one field of a model, and the other fields apply", () => {
    const raw = {
      "switchyard.models": { "openai/a": { quality: 7, maxInputTokens: 9 }, "openai/b": { quality: 0.7 } },
    };
    expect(only(raw).place).toBe('switchyard.models["openai/a"].quality');
    expect(readSettings(raw).settings.models).toEqual({
      "openai/a": { maxInputTokens: 9 },
      "openai/b": { quality: 0.7 },
    });
  });
});

describe("a warning", () => {
  it("is given for conditions that never apply", () => {
    const routes = [
      { name: 3, when: { needs: ["tools"] }, models },
      { name: "A", models },
      { name: "B", when: { needs: ["tools"] }, models },
    ];
    const { problems, settings } = readSettings({ "switchyard.routes": routes });
    expect(problems.at(-1)).toMatchObject({ severity: "warning", place: "switchyard.routes[2]" });
    expect(problems.at(-1)?.message).toContain("switchyard.routes[1] matches everything");
    expect(settings.routes.map(({ name }) => name)).toEqual(["Route 1", "A", "B"]);
  });

  it("is given for a route that neither a prompt nor its name reaches, and for no other without conditions", () => {
    const routes = ["A", "B", "C", "B"].map((name) => ({ name, models }));
    const { problems } = readSettings({ "switchyard.routes": routes });
    expect(problems.map(({ place }) => place)).toEqual(["switchyard.routes[3].name", "switchyard.routes[3]"]);
    expect(problems[1]?.message).toContain("never reached");
  });

  it("is given for a name that two routes share", () => {
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

describe("the user's own prompts", () => {
  it("apply except those without a text, or with a name that cannot be typed or is taken", () => {
    const { settings, problems } = readSettings({
      "switchyard.prompts": {
        review: "Review this: {selection}",
        "übersicht-2": "Summarize {file}",
        empty: " \n",
        "two words": "x",
        export: "x",
        number: 7,
        port: { text: "Port {selection}", edit: true },
        ticket: { text: "Write a ticket" },
        wrong: { edit: true },
      },
    });
    expect(settings.prompts).toEqual({
      review: { text: "Review this: {selection}", edit: false },
      "übersicht-2": { text: "Summarize {file}", edit: false },
      port: { text: "Port {selection}", edit: true },
      ticket: { text: "Write a ticket", edit: false },
    });
    expect(problems.map(({ place, repair }) => [place, repair])).toEqual([
      ["switchyard.prompts.empty", "Use a text."],
      ['switchyard.prompts["two words"]', 'Use a name of letters, digits, "-", "_" and ".".'],
      ["switchyard.prompts.export", "Use another name: the chat has a command of this name."],
      ["switchyard.prompts.number", "Write a string in quotes or an object: { … }."],
      ["switchyard.prompts.wrong.text", "Add it."],
    ]);
  });

  it("are sent with other words in braces, with a warning where a placeholder is probably meant", () => {
    const { settings, problems } = readSettings({
      "switchyard.prompts": { a: "Explain {selecton}, {file} and {x} { return }", b: "{Changes}" },
    });
    expect(Object.keys(settings.prompts)).toEqual(["a", "b"]);
    expect(problems).toMatchObject([
      { place: "switchyard.prompts.a", severity: "warning", repair: "Did you mean {selection}?" },
      { place: "switchyard.prompts.b", severity: "warning", repair: "Did you mean {changes}?" },
    ]);
  });
});

describe("an API key in the providers", () => {
  it("is never repeated in a message", () => {
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
    const usable = Object.entries(settings.providers).filter(([, { unusable }]) => unusable === undefined);
    expect(usable.map(([id]) => id)).toEqual(["e"]);
    expect(problems.at(-1)?.repair).toContain("Switchyard: Add Provider Key…");
  });
});
