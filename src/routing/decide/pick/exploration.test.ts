import { describe, expect, it } from "vitest";
import { summary } from "../../../../test/support/answers.ts";
import { refs, route, routed } from "../../../../test/support/routing/decisionFixtures.ts";
import { attributes, card, features, health, world } from "../../../../test/support/routing/worlds.ts";
import type { Latency } from "../../../contract/health.ts";
import { whySentences } from "../../../explain/decision/why.ts";
import { reasonsOf } from "../../explain.ts";
import { decide } from "../decide.ts";
import type { World } from "../world.ts";

const CARDS = ["a/one", "b/two"].map((ref) => card(ref, { cacheReadUsdPerMTok: 0.1 }));
const REQUESTS = 2000;
const FAST: Latency = { firstTokenMs: 400, tokensPerSecond: 80, weight: 5 };
const OUTDATED: Latency = { firstTokenMs: 4000, tokensPerSecond: 10, weight: 0.1 };

/** Decides many requests, of which one decision per first model is returned, with its share of the requests. */
function decideMany(latencies: Record<string, Latency>, pick = "fastest", more: Partial<World> = {}) {
  const settings = routed([route(["a/one", "b/two"], { pick })]);
  const healthOf = Object.entries(latencies).map(([ref, latency]) => [ref, health({ latency })] as const);
  const known = world(CARDS, { health: new Map(healthOf), ...more });
  const decisions = Array.from({ length: REQUESTS }, (_, at) =>
    decide(attributes({ requestId: `r${at}` }), features("low", { contextTokens: 50_000 }), settings, known),
  );
  const tried = decisions.filter((decision) => decision.exploration !== undefined);
  return {
    share: tried.length / REQUESTS,
    tried: tried[0],
    usual: decisions.find((each) => !tried.includes(each)),
  };
}

describe.each(["fastest", "balanced"])("under `%s`, a model", (pick) => {
  it.each([
    ["without answers", {}, "unknown"],
    ["whose answers are of long ago", { "b/two": OUTDATED }, "stale"],
  ] as const)("%s is tried for one of twenty requests", (_, more, basis) => {
    const { share, tried, usual } = decideMany({ "a/one": FAST, ...more }, pick);
    expect(share).toBeGreaterThan(0.035);
    expect(share).toBeLessThan(0.065);
    if (tried === undefined || usual === undefined) throw new Error("Nothing was tried.");
    expect([refs(usual), refs(tried)]).toEqual([
      ["a/one", "b/two"],
      ["b/two", "a/one"],
    ]);
    expect(tried.exploration).toEqual({ instead: "a/one", basis, share: 0.05 });
    expect(tried.outcome).toMatchObject({ chain: [{ speed: { basis } }, {}] });
    expect(reasonsOf(tried).at(-1)).toMatchObject({ kind: "exploration", ref: "b/two", basis });
    expect(whySentences(tried, summary({ modelUsed: "b/two" }), String)[1]).toMatch(
      /^The speed of b\/two .*, and 5% of the prompts try such a model; else a\/one comes first\.$/,
    );
  });
});

it("tries the same requests each time", () => {
  const first = decideMany({ "a/one": FAST });
  expect(decideMany({ "a/one": FAST })).toEqual(first);
});

it.each([
  ["no model's speed is known", {}, "fastest"],
  ["the other one was measured recently", { "a/one": FAST, "b/two": { ...OUTDATED, weight: 1 } }, "fastest"],
  [
    "its speed is assumed",
    { "a/one": FAST, "b/two": { firstTokenMs: 4000, tokensPerSecond: 10 } },
    "fastest",
  ],
  ["it could not win", { "a/one": { firstTokenMs: 100, tokensPerSecond: 500, weight: 5 } }, "fastest"],
  ["the pick compares no times", { "a/one": FAST }, "cheapest"],
])("tries none if %s", (_, latencies: Record<string, Latency>, pick) => {
  expect(decideMany(latencies, pick).share).toBe(0);
});

it("tries none if the prompt cache of the conversation would be lost", () => {
  const conversation = {
    ...{ ref: "a/one", atMs: 1_000_000, inputTokens: 49_000, outputTokens: 10, cachedTokens: 49_000 },
    route: { kind: "settings", name: "R", index: 0 } as const,
  };
  expect(decideMany({ "a/one": FAST }, "fastest", { conversation }).share).toBe(0);
});
