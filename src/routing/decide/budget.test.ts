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
import { attributes, features, world } from "../../../test/support/routing/worlds.ts";
import type { BudgetScope } from "../../contract/budget.ts";
import type { Decision } from "../../contract/decision.ts";
import { NANO_PER_USD } from "../../contract/money.ts";
import { decide } from "./decide.ts";

describe("a budget that cannot afford the route", () => {
  const set = (whenExceeded: string) =>
    routed([route(["a/expensive", "b/fair"])], { "budget.whenExceeded": whenExceeded });
  const blockReasonOf = ({ outcome }: Pick<Decision, "outcome">) =>
    outcome.kind === "blocked" ? outcome.reason : undefined;
  /** Enough for 1,000 input and 1,024 output tokens of the cheap model, and of no other paid one. */
  const poor = world(allModels, budget(0.001));

  it("skips a model that it cannot afford for one that it can", () => {
    const decision = decide(attributes(), features(), set("free"), world(allModels, budget(0.02)));
    expect(refs(decision)).toEqual(["b/fair"]);
    expect(decision.skipped).toContainEqual({
      ref: "a/expensive",
      reason: "over-budget",
      // Each kind of tokens is rounded up: two nano-dollars more.
      worstCaseNanoUsd: (1000 * 10 + 1024 * 50) * 1000 + 2,
      leftNanoUsd: 0.02 * NANO_PER_USD,
      limit: { kind: "day" },
    });
    expect(decision.outcome).toMatchObject({ insteadOf: "a/expensive" });
  });

  it("skips only the models that a limit of a model, a provider or the conversation counts", () => {
    const spent = (limit: BudgetScope) => ({ limit, budgetNanoUsd: NANO_PER_USD, leftNanoUsd: 0 });
    const skippedWith = (limit: BudgetScope) =>
      decide(
        attributes({ conversation: "c1" }),
        features(),
        set("free"),
        world(allModels, { budget: [...budget(5).budget, spent(limit)] }),
      ).skipped.map((each) => [each.ref, each.reason === "over-budget" && each.limit]);
    const model = { kind: "model", ref: "a/expensive" } as const;
    expect(skippedWith(model)).toEqual([["a/expensive", model]]);
    const provider = { kind: "provider", id: "b" } as const;
    expect(skippedWith(provider)).toEqual([["b/fair", provider]]);
    expect(skippedWith({ kind: "conversation", id: "c2" })).toEqual([]);
    const conversation = { kind: "conversation", id: "c1" } as const;
    expect(skippedWith(conversation)).toEqual([
      ["a/expensive", conversation],
      ["b/fair", conversation],
    ]);
  });

  it("blocks a prompt by the limit of its first model, which it names", () => {
    const limit = { kind: "provider", id: "a" } as const;
    const spent = { limit, budgetNanoUsd: 3 * NANO_PER_USD, leftNanoUsd: 0.5 };
    const onlyOne = routed([route(["a/expensive"])], { "budget.whenExceeded": "stop" });
    const decision = decide(
      attributes(),
      features(),
      onlyOne,
      world(allModels, { budget: [...budget(5).budget, spent] }),
    );
    expect(blockReasonOf(decision)).toMatchObject(spent);
  });

  it("is the reason why a model is skipped, even if another entry of the model requires another tier", () => {
    const models = [{ model: "a/expensive", userTier: ["premium"] }, "a/expensive", "b/fair"];
    const decision = decide(
      attributes(),
      features(),
      routed([route(models)]),
      world(allModels, budget(0.02)),
    );
    expect(refs(decision)).toEqual(["b/fair"]);
    expect(reasons(decision)).toEqual({ "a/expensive": "over-budget" });
  });

  it("sends the prompt to a free model under `free`", () => {
    expect(decide(attributes(), features(), set("free"), poor).outcome).toMatchObject({
      kind: "chosen",
      byBudget: "free",
      chain: [{ ref: "home/free" }],
    });
  });

  it("blocks the prompt and offers choices under `free` without a free model", () => {
    const decision = decide(
      attributes(),
      features(),
      set("free"),
      world([expensive, fair, cheap], budget(0.001)),
    );
    expect(blockReasonOf(decision)).toMatchObject({
      kind: "over-budget",
      leftNanoUsd: 1_000_000,
      choices: [
        { kind: "cheapest", ref: "a/cheap" },
        { kind: "raise", ref: "a/expensive" },
      ],
    });
  });

  it("is exceeded by the route's cheapest model under `cheapest`", () => {
    expect(decide(attributes(), features(), set("cheapest"), poor).outcome).toMatchObject({
      byBudget: "cheapest",
      chain: [{ ref: "b/fair" }, { ref: "a/expensive" }],
    });
  });

  it("blocks the prompt under `stop`, and offers only to raise the limit", () => {
    const decision = decide(attributes(), features(), set("stop"), poor);
    expect(blockReasonOf(decision)).toMatchObject({ choices: [{ kind: "raise", ref: "a/expensive" }] });
  });

  describe("and `ask`", () => {
    /** Enough for the second model of the route, but not for the first. */
    const some = world(allModels, budget(0.02));

    it("offers the choices before another model of the route answers", () => {
      const decision = decide(attributes(), features(), set("ask"), some);
      expect(blockReasonOf(decision)).toMatchObject({
        needed: { nanoUsd: (1000 * 10 + 1024 * 50) * 1000 + 2 },
        choices: [
          { kind: "cheapest", ref: "a/cheap" },
          { kind: "free" },
          { kind: "raise", ref: "a/expensive" },
        ],
      });
    });

    it("offers them before a follow-up goes to another model than the last one", () => {
      const conversation = {
        ...{ ref: "a/expensive", atMs: 0, inputTokens: 10, outputTokens: 10 },
        route: { kind: "settings", name: "Route", index: 0 } as const,
      };
      const followUp = features("low", { followUp: true });
      const decided = (whenExceeded: string) =>
        decide(attributes(), followUp, set(whenExceeded), { ...some, conversation });
      expect(blockReasonOf(decided("ask"))).toMatchObject({ choices: [{}, {}, { ref: "a/expensive" }] });
      expect(decided("free").outcome).toMatchObject({ insteadOf: "a/expensive" });
    });

    it("is `stop` for a request to the server, where there is no user to ask", () => {
      const request = attributes({ source: "endpoint" });
      expect(refs(decide(request, features(), set("ask"), some))).toEqual(["b/fair"]);
      const decision = decide(request, features(), set("ask"), poor);
      expect(blockReasonOf(decision)).toMatchObject({ choices: [{ kind: "raise", ref: "a/expensive" }] });
    });
  });

  it("names no model in place of which another one answered if the first one is covered", () => {
    const settings = routed([route(["b/fair", "a/expensive"])]);
    const decision = decide(attributes(), features(), settings, world(allModels, budget(0.02)));
    expect(decision.outcome).toMatchObject({ kind: "chosen", insteadOf: undefined });
    expect(reasons(decision)).toEqual({ "a/expensive": "over-budget" });
  });

  it("blocks the prompt and offers choices under `ask`", () => {
    const decision = decide(attributes(), features(), set("ask"), poor);
    expect(blockReasonOf(decision)).toMatchObject({
      choices: [
        { kind: "cheapest", ref: "a/cheap" },
        { kind: "free", ref: "home/free", local: true },
        { kind: "raise" },
      ],
    });
  });

  it("applies the user's choice within the budget", () => {
    const chosen = (budgetChoice: "free" | "cheapest") =>
      refs(decide(attributes({ budgetChoice }), features(), set("ask"), poor));
    expect(chosen("free")).toEqual(["home/free"]);
    expect(chosen("cheapest")).toEqual(["a/cheap"]);
  });

  it("never sends private content to a hosted model", () => {
    const decision = decide(
      attributes({ isPrivate: true, budgetChoice: "cheapest" }),
      features(),
      set("ask"),
      poor,
    );
    expect(refs(decision)).not.toContain("a/cheap");
  });
});
