import { describe, expect, it } from "vitest";
import {
  allModels,
  refs,
  route,
  routed,
  settingsWith,
} from "../../../test/support/routing/decisionFixtures.ts";
import { attributes, card, features, health, world } from "../../../test/support/routing/worlds.ts";
import type { Decision } from "../../contract/decision.ts";
import { decide } from "./decide.ts";

describe("a route asked for by name", () => {
  const two = routed([
    route(["a/cheap"]),
    route(["a/expensive"], { name: "Hard", when: { complexity: ["high"] } }),
  ]);

  it("replaces the first matching route, whether its own conditions hold or not", () => {
    const decision = decide(attributes({ explicitRoute: "Hard" }), features("low"), two, world(allModels));
    expect(refs(decision)).toEqual(["a/expensive"]);
    expect(decision.route).toEqual({ kind: "settings", name: "Hard", index: 1 });
  });

  it("takes precedence over the previous route if the prompt is a short follow-up", () => {
    const last = {
      ref: "a/cheap",
      route: { kind: "settings", name: "R", index: 0 },
      atMs: 999_999,
      inputTokens: 100,
      outputTokens: 10,
    } as const;
    const request = attributes({ explicitRoute: "Hard" });
    const inherits = world(allModels, { conversation: last });
    expect(refs(decide(request, features("low", { followUp: true }), two, inherits))).toEqual([
      "a/expensive",
    ]);
  });
});

describe("the derived routes", () => {
  it("send a demanding prompt to the cheapest model near the best quality", () => {
    const of = (value: number, usd: number, ref: string) =>
      card(ref, {
        inputUsdPerMTok: usd,
        outputUsdPerMTok: usd,
        quality: { value, basis: "estimate" },
      });
    const now = world([
      of(0.87, 20, "a/best"),
      of(0.85, 8, "b/near"),
      of(0.86, 9, "c/nearer"),
      of(0.84, 1, "d/less"),
    ]);
    const order = (tolerance: number, others = {}) =>
      refs(
        decide(attributes(), features("high"), settingsWith({ "derived.tolerance": tolerance }), {
          ...now,
          ...others,
        }),
      );
    expect(order(0.02)).toEqual(["b/near", "c/nearer", "a/best", "d/less"]);
    expect(order(0)).toEqual(["a/best", "c/nearer", "b/near", "d/less"]);
    // The best of the models that may be used counts.
    expect(order(0.02, { pool: ["b/near", "d/less"] })).toEqual(["d/less", "b/near"]);
    expect(order(0.01, { pool: ["c/nearer", "d/less"] })).toEqual(["c/nearer", "d/less"]);
  });

  it("accept a model that misses the quality of its level by the tolerance", () => {
    const of = (value: number, usd: number, ref: string) =>
      card(ref, { inputUsdPerMTok: usd, outputUsdPerMTok: usd, quality: { value, basis: "estimate" } });
    const now = world([
      of(0.7, 5.5, "a/full"),
      of(0.68, 1, "b/near"),
      of(0.48, 0.1, "c/low"),
      of(0.47, 0.01, "d/less"),
    ]);
    const first = (level: "medium" | "low", tolerance: number) =>
      refs(decide(attributes(), features(level), settingsWith({ "derived.tolerance": tolerance }), now))[0];
    expect(first("medium", 0.02)).toBe("b/near");
    expect(first("medium", 0.01)).toBe("a/full");
    expect(first("low", 0.02)).toBe("c/low");
    expect(first("low", 0)).toBe("b/near");
  });

  describe("shifted by the dial", () => {
    const of = (value: number, usd: number, ref: string) =>
      card(ref, { inputUsdPerMTok: usd, outputUsdPerMTok: usd, quality: { value, basis: "estimate" } });
    const now = world([
      of(0.8, 9, "a/best"),
      of(0.79, 8, "a/near"),
      of(0.7, 4, "a/good"),
      of(0.5, 2, "a/fair"),
      of(0.3, 1, "a/modest"),
      of(0.1, 0.1, "a/weak"),
    ]);

    it.each([
      ["cheap", "high", "a/good"],
      ["cheap", "medium", "a/fair"],
      ["cheap", "low", "a/modest"],
      ["balanced", "high", "a/near"],
      ["balanced", "medium", "a/good"],
      ["balanced", "low", "a/fair"],
      ["best", "high", "a/near"],
      ["best", "medium", "a/near"],
      ["best", "low", "a/near"],
    ] as const)("at %s send a prompt of %s complexity to %s", (dial, level, model) => {
      const decision = decide(attributes(), features(level), settingsWith({ dial }), now);
      expect(refs(decision)[0]).toBe(model);
      expect(decision.route).toEqual({ kind: "derived", level, ...(dial === "balanced" ? {} : { dial }) });
    });

    it("do not keep the model of a follow-up after the user has turned the dial", () => {
      const conversation = {
        ref: "a/fair",
        route: { kind: "derived", level: "low" },
        atMs: 999_999,
        inputTokens: 100,
        outputTokens: 10,
      } as const;
      const next = (dial: string) =>
        decide(attributes(), features("low", { followUp: true }), settingsWith({ dial }), {
          ...now,
          conversation,
        });
      expect(next("balanced")).toMatchObject({ followUp: true });
      expect(refs(next("balanced"))[0]).toBe("a/fair");
      expect(next("best").followUp).toBeUndefined();
      expect(refs(next("best"))[0]).toBe("a/near");
    });

    it("leave the routes of the settings alone", () => {
      const fixed = routed([route(["a/fair"])]);
      expect(refs(decide(attributes(), features("low"), { ...fixed, dial: "best" }, now))).toEqual([
        "a/fair",
      ]);
    });
  });

  it("send a demanding prompt to the best model, with the others as fallbacks", () => {
    const decision = decide(attributes(), features("high"), settingsWith(), world(allModels));
    expect(refs(decision)).toEqual(["a/expensive", "b/fair", "a/cheap", "home/free"]);
    expect(decision.route).toEqual({ kind: "derived", level: "high" });
  });

  it("send a medium prompt to the cheapest model of quality 0.7 or more", () => {
    expect(refs(decide(attributes(), features("medium"), settingsWith(), world(allModels)))).toEqual([
      "b/fair",
      "a/expensive",
      "a/cheap",
      "home/free",
    ]);
  });

  it("send a simple prompt to the cheapest model of quality 0.5 or more, then to another provider", () => {
    const decision = decide(attributes(), features("low"), settingsWith(), world(allModels));
    expect(refs(decision)).toEqual(["a/cheap", "b/fair", "a/expensive", "home/free"]);
  });
});

describe("private content", () => {
  it("goes to local models, even if hosted providers have a key and no route is set", () => {
    const now = world(allModels, { pool: ["a/expensive", "b/fair"] });
    expect(refs(decide(attributes({ isPrivate: true }), features("high"), settingsWith(), now))).toEqual([
      "home/free",
    ]);
  });
});

describe("a follow-up", () => {
  const last = {
    ref: "b/fair",
    atMs: 0,
    inputTokens: 100,
    outputTokens: 50,
    route: { kind: "derived", level: "high" },
  } as const;
  const now = world(allModels, { conversation: last });
  const followUp = features("low", { followUp: true });

  it("keeps the previous route and model", () => {
    const decision = decide(attributes(), followUp, settingsWith(), now);
    expect(refs(decision)[0]).toBe("b/fair");
    expect(decision).toMatchObject({ followUp: true, route: { kind: "derived", level: "high" } });
  });

  it.each([
    ["a command", { command: "fix" }],
    ["another language", { language: "go" }],
    ["new code", { attachedNew: true }],
    ["a picked model", { explicitModel: "a/expensive" }],
  ])("is routed like any other prompt with %s", (_name, known) => {
    expect(decide(attributes(known), followUp, settingsWith(), now).followUp).toBeUndefined();
  });

  it("is routed like any other prompt if the previous model is no longer available", () => {
    const off = { ...now, health: new Map([["b/fair", health({ switchedOff: true })]]) };
    const decision = decide(attributes(), followUp, settingsWith(), off);
    expect(refs(decision)[0]).toBe("a/cheap");
    expect(decision.followUp).toBeUndefined();
  });
});

describe("routes", () => {
  it("apply in order, and routes with examples only with a known similarity", () => {
    const set = routed([
      { name: "By example", examples: ["Write a poem"], models: ["a/expensive"] },
      { name: "Hard", when: { complexity: ["high"] }, models: ["b/fair"] },
      { name: "Rest", models: ["a/cheap"] },
    ]);
    expect(decide(attributes(), features("high"), set, world(allModels)).route).toMatchObject({
      name: "Hard",
      index: 1,
    });
    expect(decide(attributes(), features("low"), set, world(allModels)).route).toMatchObject({
      name: "Rest",
    });
  });

  it("leave the decision to the derived routes if none matches", () => {
    const set = routed([{ name: "Hard", when: { complexity: ["high"] }, models: ["b/fair"] }]);
    expect(decide(attributes(), features("low"), set, world(allModels)).route).toEqual({
      kind: "derived",
      level: "low",
    });
  });

  it.each([
    [{ commands: ["fix"] }, { command: "fix" }, {}],
    [{ languages: ["go"] }, { language: "go" }, {}],
    [{ paths: ["**/*.pem"] }, { paths: ["certs/a.pem"] }, {}],
    [{ needs: ["vision"] }, { needs: ["vision" as const] }, {}],
    [{ userTier: ["premium"] }, { userTier: "premium" as const }, {}],
    [{ keywords: ["Release notes"] }, {}, { keywords: ["release notes"] }],
    [{ contextTokens: { above: 1000, below: 2000 } }, {}, { contextTokens: 1500 }],
    [{ complexity: { above: 0.4, below: 0.6 } }, {}, { complexity: features("medium").complexity }],
  ])("apply `when` %j to matching requests only", (when, request, seen) => {
    const set = routed([
      { name: "Special", when, models: ["b/fair"] },
      { name: "Rest", models: ["a/cheap"] },
    ]);
    const named = (decision: Decision) =>
      decision.route.kind === "settings" ? decision.route.name : decision.route.kind;
    expect(named(decide(attributes(request), features("low", seen), set, world(allModels)))).toBe("Special");
    expect(named(decide(attributes(), features("low"), set, world(allModels)))).toBe("Rest");
  });

  it("keep the user's order under `first`", () => {
    const set = routed([route(["a/expensive", "a/cheap", "b/fair"])]);
    expect(refs(decide(attributes(), features(), set, world(allModels)))).toEqual([
      "a/expensive",
      "a/cheap",
      "b/fair",
    ]);
  });

  it("pass a step's own time limit on", () => {
    const set = routed([route([{ model: "a/expensive", timeoutMs: 30_000 }])]);
    expect(decide(attributes(), features(), set, world(allModels)).outcome).toMatchObject({
      chain: [{ timeoutMs: 30_000 }],
    });
  });

  it("order by measured speed under `fastest`", () => {
    const set = routed([route(["a/expensive", "b/fair"], { pick: "fastest" })]);
    const latency = { firstTokenMs: 100, tokensPerSecond: 200 };
    const now = world(allModels, { health: new Map([["b/fair", health({ latency })]]) });
    expect(refs(decide(attributes(), features(), set, now))).toEqual(["b/fair", "a/expensive"]);
  });

  it("weigh waiting against cost by `secondUsd` under `balanced`", () => {
    const slow = { firstTokenMs: 60_000, tokensPerSecond: 50 };
    const now = world(allModels, { health: new Map([["a/cheap", health({ latency: slow })]]) });
    const models = ["a/cheap", "b/fair"];
    const pick = (secondUsd: number) =>
      refs(
        decide(attributes(), features(), routed([route(models, { pick: "balanced" })], { secondUsd }), now),
      )[0];
    expect(pick(0)).toBe("a/cheap");
    expect(pick(0.01)).toBe("b/fair");
  });
});
