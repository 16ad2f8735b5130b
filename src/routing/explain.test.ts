import { describe, expect, it } from "vitest";
import { attributes, card, features, world } from "../../test/support/routing/worlds.ts";
import type { Decision } from "../contract/decision.ts";
import { NANO_PER_USD } from "../contract/money.ts";
import { readSettings } from "../settings/read.ts";
import { decide } from "./decide/decide.ts";
import { expectedMs } from "./decide/pick/order.ts";
import { reasonsOf } from "./explain.ts";
import type { Reason } from "./reasons.ts";

const CHEAP = card("openai/cheap", { inputUsdPerMTok: 1, outputUsdPerMTok: 2, cacheReadUsdPerMTok: 0.1 });
const EXPENSIVE = card("anthropic/expensive", {
  inputUsdPerMTok: 10,
  outputUsdPerMTok: 50,
  cacheReadUsdPerMTok: 1,
});
const LOCAL = card("ollama/local", { local: true, quality: { value: 0.4, basis: "estimate" } });
const MODELS = [CHEAP.ref, EXPENSIVE.ref];

const settingsOf = (raw: Record<string, unknown>) => readSettings(raw).settings;
const route = (more: Record<string, unknown> = {}) =>
  settingsOf({ "switchyard.routes": [{ name: "Some", models: MODELS, ...more }] });

function kinds(reasons: readonly Reason[]): readonly string[] {
  return reasons.map(({ kind }) => kind);
}

function reason<K extends Reason["kind"]>(decision: Decision, kind: K): Reason | undefined {
  return reasonsOf(decision).find((each) => each.kind === kind);
}

const similar = (score: number) => ({
  similarities: {
    embedder: "built-in",
    routes: [
      { index: 0, name: "Some", score, threshold: 0.4, nearest: { example: "Write a poem", cosine: 0.9 } },
    ],
  },
});

describe("reasonsOf", () => {
  it("returns the route, the complexity with its reason, and the pick with its figure", () => {
    const decision = decide(
      attributes({ expectedOutputTokens: 100 }),
      features("low"),
      route({ pick: "cheapest" }),
      world([CHEAP, EXPENSIVE]),
    );
    expect(reasonsOf(decision)).toEqual([
      { kind: "route", match: { kind: "settings", name: "Some", index: 0 } },
      { kind: "complexity", level: "low", score: 0.1, reason: { kind: "length", characters: 100 } },
      {
        kind: "pick",
        method: "cheapest",
        ref: "openai/cheap",
        figure: { by: "cost", expectedNanoUsd: 400_000 },
      },
    ]);
  });

  it("returns plain data", () => {
    const reasons = reasonsOf(decide(attributes(), features(), route(), world([CHEAP, EXPENSIVE])));
    expect(JSON.parse(JSON.stringify(reasons))).toEqual(reasons);
  });

  it("reports the order of the route, or the quality under a derived route, as the figure of the pick", () => {
    const first = decide(attributes(), features(), route(), world([CHEAP, EXPENSIVE]));
    expect(reason(first, "pick")).toMatchObject({ method: "first", figure: { by: "order" } });
    const best = decide(attributes(), features("high"), settingsOf({}), world([CHEAP, EXPENSIVE]));
    expect(reason(best, "route")).toEqual({ kind: "route", match: { kind: "derived", level: "high" } });
    expect(reason(best, "pick")).toMatchObject({
      figure: { by: "quality", quality: 0.7, expectedNanoUsd: expect.any(Number) },
    });
  });

  it("reports a model of higher quality that is not certain to be better", () => {
    const quality = (value: number, standardError: number) =>
      ({ quality: { value, basis: "measured", standardError } }) as const;
    const reasonFor = (standardError: number) => {
      const cards = [
        { ...CHEAP, ...quality(0.7, standardError) },
        { ...EXPENSIVE, ...quality(0.75, standardError) },
      ];
      return reason(
        decide(attributes(), features(), route({ pick: "cheapest" }), world(cards)),
        "uncertainQuality",
      );
    };
    expect(reasonFor(0.02)).toBeUndefined();
    expect(reasonFor(0.12)).toMatchObject({
      ...{ ref: CHEAP.ref, quality: 0.7, standardError: 0.12 },
      ...{ better: EXPENSIVE.ref, betterQuality: 0.75, betterStandardError: 0.12 },
    });
  });

  it("reports the expected time, and that it is assumed for a model without answers", () => {
    for (const pick of ["fastest", "balanced"] as const) {
      const decision = decide(attributes(), features(), route({ pick }), world([CHEAP, EXPENSIVE]));
      const ms = expectedMs(undefined, decision.expectedOutputTokens);
      expect(reason(decision, "pick")).toMatchObject({
        method: pick,
        figure: { expectedMs: ms, basis: "unknown" },
      });
    }
  });

  it("reports the similarity that decided, with threshold and nearest example", () => {
    const settings = route({ examples: ["Write a poem"] });
    const decision = decide(attributes(), features("low", similar(0.6)), settings, world([CHEAP, EXPENSIVE]));
    expect(reason(decision, "similarity")).toEqual({
      kind: "similarity",
      applied: true,
      embedder: "built-in",
      index: 0,
      name: "Some",
      score: 0.6,
      threshold: 0.4,
      nearest: { example: "Write a poem", cosine: 0.9 },
    });
  });

  it("reports the most similar route below its threshold, and a skipped embedder", () => {
    const settings = route({ examples: ["Write a poem"] });
    const failure = { kind: "timeout" as const, provider: "openai", message: "slower than 300 ms" };
    const known = similar(0.3);
    const skipped = { embedder: "openai/small", failure };
    const decision = decide(
      attributes(),
      features("low", { similarities: { ...known.similarities, skipped } }),
      settings,
      world([CHEAP, EXPENSIVE]),
    );
    expect(reason(decision, "route")).toMatchObject({ match: { kind: "derived" } });
    expect(reason(decision, "similarity")).toMatchObject({ applied: false, name: "Some", score: 0.3 });
    expect(reason(decision, "embedderSkipped")).toMatchObject({
      embedder: "openai/small",
      message: "slower than 300 ms",
    });
  });

  it("omits similarity and pick for a model that the user picked", () => {
    const decision = decide(
      attributes({ explicitModel: EXPENSIVE.ref }),
      features("low", similar(0.6)),
      route({ examples: ["Write a poem"] }),
      world([CHEAP, EXPENSIVE]),
    );
    expect(reason(decision, "route")).toEqual({ kind: "route", match: { kind: "explicit" } });
    expect(kinds(reasonsOf(decision))).toEqual(["route", "complexity"]);
  });

  it("reports the arm of an experiment in place of the pick", () => {
    const experiment = { name: "Trial", control: CHEAP.ref, treatment: EXPENSIVE.ref, treatmentShare: 1 };
    const settings = route({ experiment: { ...experiment, metric: "thumbs" } });
    const decision = decide(attributes(), features(), settings, world([CHEAP, EXPENSIVE]));
    expect(reason(decision, "experiment")).toEqual({
      kind: "experiment",
      name: "Trial",
      arm: "treatment",
      unit: "d",
      asks: EXPENSIVE.ref,
    });
    expect(reason(decision, "pick")).toBeUndefined();
  });

  it("reports the model that a follow-up keeps", () => {
    const previous = { ref: EXPENSIVE.ref, atMs: 900_000, inputTokens: 100, outputTokens: 50 };
    const conversation = { ...previous, route: { kind: "settings" as const, name: "Some", index: 0 } };
    const known = world([CHEAP, EXPENSIVE], { conversation });
    const decision = decide(attributes(), features("low", { followUp: true }), route(), known);
    expect(reason(decision, "followUp")).toEqual({ kind: "followUp", keeps: EXPENSIVE.ref });
    expect(reason(decision, "pick")).toBeUndefined();
  });

  it("reports the costs of staying and switching, or why the cache is cold", () => {
    const route_ = { kind: "settings" as const, name: "Some", index: 0 };
    const previous = {
      ref: EXPENSIVE.ref,
      atMs: 900_000,
      inputTokens: 5000,
      outputTokens: 50,
      route: route_,
    };
    const decisionAt = (atMs: number) =>
      decide(
        attributes(),
        features("low", { contextTokens: 5200 }),
        route({ pick: "cheapest" }),
        world([CHEAP, EXPENSIVE], { conversation: { ...previous, atMs } }),
      );
    const warm = reason(decisionAt(900_000), "affinity");
    expect(warm).toMatchObject({
      verdict: "switched",
      last: EXPENSIVE.ref,
      other: CHEAP.ref,
      cachedTokens: 5000,
    });
    expect(warm).toHaveProperty("stayNanoUsd");
    expect(warm).toHaveProperty("switchNanoUsd");
    expect(reason(decisionAt(0), "affinity")).toEqual({
      kind: "affinity",
      verdict: "cold",
      last: EXPENSIVE.ref,
      reason: "expired",
    });
  });

  it("reports the figures of a budget that chose a model or blocked the prompt", () => {
    const budget = [{ leftNanoUsd: 1, budgetNanoUsd: 5 * NANO_PER_USD, limit: { kind: "day" } as const }];
    const known = world([CHEAP, EXPENSIVE, LOCAL], { budget });
    const decided = (whenExceeded: string) =>
      decide(
        attributes(),
        features(),
        settingsOf({
          "switchyard.routes": [{ name: "Some", models: MODELS }],
          "switchyard.budget.whenExceeded": whenExceeded,
        }),
        known,
      );
    expect(reason(decided("free"), "budget")).toMatchObject({
      by: "setting",
      outcome: "free",
      ref: LOCAL.ref,
      leftNanoUsd: 1,
      leastWorstCaseNanoUsd: expect.any(Number),
    });
    expect(reason(decided("cheapest"), "budget")).toMatchObject({ outcome: "cheapest", ref: CHEAP.ref });
    expect(reason(decided("stop"), "budget")).toMatchObject({
      outcome: "blocked",
      leftNanoUsd: 1,
      budgetNanoUsd: 5 * NANO_PER_USD,
      expectedNanoUsd: expect.any(Number),
    });
    expect(reason(decided("free"), "pick")).toBeUndefined();
  });

  it("reports that no model is available", () => {
    const settings = settingsOf({ "switchyard.routes": [{ name: "Some", models: ["unknown/model"] }] });
    const decision = decide(attributes(), features(), settings, world([]));
    expect(reason(decision, "noModelAvailable")).toEqual({ kind: "noModelAvailable", skipped: 1 });
  });
});
