import { describe, expect, it } from "vitest";
import { refs, route, routed, settingsWith } from "../../../test/support/routing/decisionFixtures.ts";
import { attributes, card, features, health, world } from "../../../test/support/routing/worlds.ts";
import type { Decision, Escalation } from "../../contract/decision.ts";
import type { Settings } from "../../settings/schema.ts";
import { reasonsOf } from "../explain.ts";
import { decide } from "./decide.ts";
import { nextTry, uncoveredTry } from "./escalate.ts";
import type { World } from "./world.ts";

const of = (ref: string, quality: number | undefined, usd: number, more = {}) =>
  card(ref, {
    quality: quality === undefined ? undefined : { value: quality, basis: "estimate" },
    inputUsdPerMTok: usd,
    outputUsdPerMTok: usd,
    ...more,
  });

const MODELS = [
  of("a/weak", 0.5, 1),
  of("a/alike", 0.51, 1),
  of("a/middle", 0.7, 4),
  of("b/middle", 0.7, 5),
  of("b/wasteful", 0.6, 9),
  of("c/strong", 0.8, 8),
  of("home/free", 0.65, 0, { local: true }),
];
const NOW = world(MODELS, { pool: MODELS.filter(({ local }) => !local).map(({ ref }) => ref) });

const decided = (settings: Settings, now: World = NOW, more = {}) =>
  decide(attributes(more), features("low"), settings, now);

const next = (decision: Decision, settings: Settings, now: World = NOW) => {
  const [from = ""] = refs(decision);
  return nextTry(decision, from, settings, now);
};

describe("the next try", () => {
  const two = routed([route(["a/weak", "a/alike", "c/strong"])]);

  it("is the next better model of the route, better by more than the tolerance", () => {
    expect(next(decided(two), two)).toMatchObject({ to: { ref: "c/strong" }, by: "quality" });
  });

  it("is one of the derived routes where the route has none, and another provider among equals", () => {
    const one = routed([route(["a/weak"])]);
    expect(next(decided(one), one)).toMatchObject({ to: { ref: "b/middle" }, by: "quality" });
    const derived = settingsWith();
    expect(next(decided(derived), derived)).toMatchObject({ to: { ref: "b/middle" } });
  });

  it("leaves the model that the user picked", () => {
    const picked = decided(two, NOW, { explicitModel: "a/middle" });
    expect(next(picked, two)).toMatchObject({ to: { ref: "c/strong" } });
  });

  it("is a model that may be used, and local for private content and local routes", () => {
    const paused = { ...NOW, health: new Map([["c/strong", health({ switchedOff: true })]]) };
    expect(next(decided(two), two, paused)).toMatchObject({ to: { ref: "b/middle" } });
    const local = routed([route(["home/free"], { localOnly: true })]);
    expect(next(decided(local), local)).toBeUndefined();
    expect(next(decided(settingsWith(), NOW, { isPrivate: true }), settingsWith())).toBeUndefined();
    const poor = {
      ...NOW,
      budget: [{ leftNanoUsd: 1_000_000, budgetNanoUsd: 1e9, limit: { kind: "day" } as const }],
    };
    expect(next(decided(two), two, poor)).toBeUndefined();
    expect(uncoveredTry(decided(two), "a/weak", two, poor)).toEqual({
      ref: "c/strong",
      limit: { kind: "day" },
    });
    expect(uncoveredTry(decided(two), "a/weak", two, NOW)).toBeUndefined();
    expect(uncoveredTry(decided(two), "c/strong", two, poor)).toBeUndefined();
  });

  it("is the next more expensive model of the route where qualities are unknown, and none above the last", () => {
    const models = [of("a/x", undefined, 1), of("b/z", undefined, 9), of("b/y", undefined, 3)];
    const unknown = routed([route(["a/x", "b/z", "b/y"])]);
    const now = world(models, { pool: [] });
    const first = decided(unknown, now);
    expect(next(first, unknown, now)).toMatchObject({ to: { ref: "b/y" }, by: "price" });
    expect(nextTry(first, "b/y", unknown, now)).toMatchObject({ to: { ref: "b/z" } });
    expect(nextTry(first, "b/z", unknown, now)).toBeUndefined();
    expect(nextTry(decided(two), "c/strong", two, NOW)).toBeUndefined();
  });
});

describe("a request with an escalation", () => {
  const settings = routed([route(["a/weak", "a/middle"], { pick: "cheapest" })]);
  const escalation: Escalation = {
    decisionId: "d0",
    from: "a/weak",
    to: { ref: "c/strong" },
    reason: "failed-test",
    by: "quality",
  };

  it("goes to the stronger model, with the route's other models as fallbacks, and says why", () => {
    const decision = decide(attributes({ escalation }), features("low", { followUp: true }), settings, {
      ...NOW,
      conversation: {
        ref: "a/weak",
        atMs: NOW.nowMs,
        inputTokens: 10,
        outputTokens: 10,
        route: { kind: "settings", name: "R", index: 0 },
      },
    });
    expect(refs(decision)).toEqual(["c/strong", "a/middle"]);
    expect(decision).toMatchObject({ route: { name: "R" }, followUp: undefined });
    const kinds = reasonsOf(decision).map(({ kind }) => kind);
    expect(reasonsOf(decision)).toContainEqual({
      kind: "escalated",
      from: "a/weak",
      reason: "failed-test",
      by: "quality",
    });
    expect(kinds).not.toContain("pick");
  });

  it("has no fallback to a model that failed in an earlier try", () => {
    const next = { ...escalation, from: "a/middle", earlier: ["a/weak"] };
    const decision = decide(attributes({ escalation: next }), features("low"), settings, NOW);
    expect(refs(decision)).toEqual(["c/strong"]);
  });

  it("goes to the route's model if the stronger one may not be used any more", () => {
    const off = { ...NOW, health: new Map([["c/strong", health({ switchedOff: true })]]) };
    const decision = decide(attributes({ escalation }), features("low"), settings, off);
    expect(refs(decision)[0]).toBe("a/weak");
    expect(reasonsOf(decision).map(({ kind }) => kind)).not.toContain("escalated");
  });
});
