import { describe, expect, it } from "vitest";
import {
  allModels,
  refs,
  route,
  routed,
  settingsWith,
} from "../../../../test/support/routing/decisionFixtures.ts";
import { attributes, card, features, world } from "../../../../test/support/routing/worlds.ts";
import type { ComplexityLevel, Held } from "../../../contract/features.ts";
import { reasonsOf } from "../../explain.ts";
import { decide } from "../decide.ts";

const complexityOf = (level: ComplexityLevel) => features(level).complexity;

/** A low prompt after a high one. */
const low = (topic?: Held["topic"], known = {}) =>
  features("low", { held: { complexity: complexityOf("high"), prompt: 2, topic }, ...known });

const newTopic = { similarity: 0.1, threshold: 0.15 };

const routes = routed([
  route(["a/easy"], { name: "Easy", when: { complexity: ["low"] } }),
  route(["a/middle"], { name: "Middle", when: { complexity: ["medium"] } }),
  route(["a/hard"], { name: "Hard", when: { complexity: { above: 0.7 } } }),
]);
const priced = (ref: string, usd: number) => card(ref, { inputUsdPerMTok: usd, outputUsdPerMTok: usd });
const models = world([priced("a/easy", 1), priced("a/middle", 2), priced("a/hard", 9)]);

describe("a held complexity", () => {
  it("matches routes of the settings, by level and by score", () => {
    const decision = decide(attributes(), low(), routes, models);
    expect(refs(decision)).toEqual(["a/hard"]);
    expect(decision).toMatchObject({
      held: { level: "high", score: 0.8, prompt: 2 },
      features: { complexity: { level: "low" } },
    });
    expect(reasonsOf(decision)).toContainEqual({ kind: "held", level: "high", score: 0.8, prompt: 2 });
  });

  it("selects the derived route where no route applies", () => {
    expect(decide(attributes(), low(), settingsWith(), world(allModels))).toMatchObject({
      route: { kind: "derived", level: "high" },
    });
  });

  it("is no reason where the route is the same as for the prompt alone", () => {
    const one = routed([route(["a/easy"])]);
    expect(decide(attributes(), low(), one, models).held).toBeUndefined();
    const picked = attributes({ explicitModel: "a/easy" });
    expect(decide(picked, low(newTopic), routes, models)).toMatchObject({ route: { kind: "explicit" } });
    expect(decide(picked, low(newTopic), routes, models).held).toBeUndefined();
  });

  it("ends with a new topic whose model costs less", () => {
    const decision = decide(attributes(), low(newTopic), routes, models);
    expect(refs(decision)).toEqual(["a/easy"]);
    expect(reasonsOf(decision)).toContainEqual({ kind: "newTopic", ...newTopic, heldUntilNow: "high" });
  });

  it("becomes that of the new topic's own hardest prompt", () => {
    const topic = { ...newTopic, hardest: { complexity: complexityOf("medium"), prompt: 3 } };
    const decision = decide(attributes(), low(topic), routes, models);
    expect(refs(decision)).toEqual(["a/middle"]);
    expect(decision.held).toMatchObject({ level: "medium", prompt: 3 });
  });

  it("stays with a new topic if the switch costs more than the cache saves, or its price is unknown", () => {
    const cached = { ...priced("a/hard", 9), cacheReadUsdPerMTok: 0.1 };
    const conversation = {
      ref: "a/hard",
      atMs: models.nowMs - 1000,
      inputTokens: 100_000,
      outputTokens: 100,
      route: { kind: "settings", name: "Hard", index: 2 },
    } as const;
    const cards = [priced("a/easy", 1), priced("a/middle", 2), cached];
    const warm = world(cards, { conversation });
    const request = attributes({ expectedOutputTokens: 100 });
    const decision = decide(request, low(newTopic, { contextTokens: 101_000 }), routes, warm);
    expect(refs(decision)).toEqual(["a/hard"]);
    expect(decision.held).toMatchObject({ isNewTopic: true });

    const unknown = card("a/easy", { inputUsdPerMTok: undefined, outputUsdPerMTok: undefined });
    const unpriced = world([unknown, ...cards.slice(1)]);
    expect(refs(decide(attributes(), low(newTopic), routes, unpriced))).toEqual(["a/hard"]);
  });
});
