import { describe, expect, it } from "vitest";
import {
  allModels,
  budget,
  cheap,
  expensive,
  fair,
  reasons,
  refs,
  route,
  routed,
} from "../../../test/support/routing/decisionFixtures.ts";
import { attributes, features, health, world } from "../../../test/support/routing/worlds.ts";
import { decide } from "./decide.ts";

describe("a model that is not eligible", () => {
  const set = routed([route(["a/expensive", "b/fair"])]);

  it.each([
    [
      "no-key",
      {},
      world(allModels, { providers: new Map([["b", { name: "b", usable: true, local: false }]]) }),
    ],
    [
      "switched-off",
      {},
      world(allModels, { health: new Map([["a/expensive", health({ switchedOff: true })]]) }),
    ],
    [
      "breaker-open",
      {},
      world(allModels, {
        health: new Map([
          [
            "a/expensive",
            health({ breaker: { kind: "open", failures: 3, openedAtMs: 999_000, openMs: 10_000 } }),
          ],
        ]),
      }),
    ],
    [
      "breaker-open",
      {},
      world(allModels, {
        health: new Map([
          ["a", health({ breaker: { kind: "open", failures: 3, openedAtMs: 999_000, openMs: 10_000 } })],
        ]),
      }),
    ],
    [
      "rate-limit",
      {},
      world(allModels, {
        health: new Map([
          ["a/expensive", health({ pause: { kind: "until", reason: "rate-limit", untilMs: 1_000_001 } })],
        ]),
      }),
    ],
    [
      "auth",
      {},
      world(allModels, {
        health: new Map([["a", health({ pause: { kind: "unchanged", reason: "auth", fingerprint: "x" } })]]),
      }),
    ],
    ["context-window", {}, world([{ ...expensive, maxInputTokens: 100 }, fair])],
    ["capability", { needs: ["vision" as const] }, world([expensive, { ...fair, capabilities: ["vision"] }])],
    ["capability", {}, world([{ ...expensive, api: "responses" }, fair])],
  ])("is skipped for the reason %s, and the next one in the chain is picked", (reason, request, now) => {
    const decision = decide(attributes(request), features(), set, now);
    expect(refs(decision)).toEqual(["b/fair"]);
    expect(reasons(decision)["a/expensive"]).toBe(reason);
  });

  it("lacks a capability if it supports the Responses API only", () => {
    const decision = decide(attributes(), features(), set, world([{ ...expensive, api: "responses" }, fair]));
    expect(decision.skipped).toContainEqual({
      ref: "a/expensive",
      reason: "capability",
      missing: "chat completions",
    });
  });

  it("is skipped if its step requires another user tier", () => {
    const tiered = routed([route([{ model: "a/expensive", userTier: ["premium"] }, "b/fair"])]);
    expect(reasons(decide(attributes(), features(), tiered, world(allModels)))).toEqual({
      "a/expensive": "tier",
    });
  });

  it("is skipped for private content and under a route's localOnly unless it is local", () => {
    const all = routed([route(["a/expensive", "home/free"])]);
    expect(refs(decide(attributes({ isPrivate: true }), features(), all, world(allModels)))).toEqual([
      "home/free",
    ]);
    const local = routed([route(["a/expensive", "home/free"], { localOnly: true })]);
    expect(reasons(decide(attributes(), features(), local, world(allModels)))).toEqual({
      "a/expensive": "private",
    });
  });

  it("is skipped below the minimum quality, and if its quality is unknown", () => {
    const { quality, ...unknown } = expensive;
    const strict = routed([route(["a/expensive", "a/cheap", "b/fair"], { minQuality: 0.6 })]);
    const decision = decide(attributes(), features(), strict, world([unknown, fair, cheap]));
    expect(reasons(decision)).toEqual({ "a/expensive": "below-min-quality", "a/cheap": "below-min-quality" });
  });

  it("is skipped without a price only if the pick or the budget needs one", () => {
    const { inputUsdPerMTok, ...unknown } = expensive;
    const now = world([unknown, fair]);
    expect(refs(decide(attributes(), features(), set, now))).toEqual(["a/expensive", "b/fair"]);
    expect(reasons(decide(attributes(), features(), set, { ...now, ...budget(5) }))).toEqual({
      "a/expensive": "unknown-price",
    });
    const cheapest = routed([route(["a/expensive", "b/fair"], { pick: "cheapest" })]);
    expect(reasons(decide(attributes(), features(), cheapest, now))).toEqual({
      "a/expensive": "unknown-price",
    });
  });

  it("blocks the request if no other model is left", () => {
    expect(refs(decide(attributes({ isPrivate: true }), features(), set, world(allModels)))).toBe(
      "no-model-available",
    );
  });
});
