import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refs, route, routed } from "../../../../test/support/routing/decisionFixtures.ts";
import { attributes, card, features, world } from "../../../../test/support/routing/worlds.ts";
import type { ChainStep, Decision, Escalation } from "../../../contract/decision.ts";
import type { CheckRecord } from "../../../contract/history.ts";
import { reasonsOf } from "../../explain.ts";
import { decide } from "../decide.ts";
import { type CascadeInput, cascadeOrder } from "./cascade.ts";

const of = (ref: string, quality: number | undefined, usd: number) =>
  card(ref, {
    quality: quality === undefined ? undefined : { value: quality, basis: "measured" },
    inputUsdPerMTok: usd,
    outputUsdPerMTok: usd,
  });

/** Four rungs, of which the first one is too weak for most checks. */
const MODELS = [
  of("a/nano", 0.35, 0.2),
  of("b/mini", 0.6, 1),
  of("a/middle", 0.68, 4),
  of("c/strong", 0.74, 20),
];
const CASCADE = route(
  MODELS.map(({ ref }) => ref),
  { pick: "cascade" },
);

const record = (rejectedWrong: number, wrong: number, more: Partial<CheckRecord> = {}): CheckRecord => ({
  ...{ route: "R", language: "typescript", right: 0, passedRight: 0 },
  ...{ wrong, rejectedWrong, ...more },
});

const decided = (
  checks: readonly CheckRecord[],
  settings: Record<string, unknown> = {},
  more: Partial<Parameters<typeof attributes>[0]> = {},
  models = MODELS,
): Decision =>
  decide(
    attributes({ isEdit: true, language: "typescript", ...more }),
    features(),
    routed([CASCADE], settings),
    world(models, { checks }),
  );

const first = (decision: Decision) => refs(decision)[0];

describe("a cascade", () => {
  it("begins with the strongest model while it is not known how often the check is right", () => {
    const decision = decided([record(9, 9)]);
    expect(first(decision)).toBe("c/strong");
    expect(decision.cascade).toEqual({
      first: "strongest",
      because: { kind: "unknown", wrong: 9, rejectedWrong: 9, least: 10 },
    });
    expect(first(decided([]))).toBe("c/strong");
  });

  it("begins with a cheap model where that is not known, but a command checks edits", () => {
    const verify = { "verify.command": "npm test" };
    const decision = decided([record(3, 9)], verify);
    expect(first(decision)).toBe("b/mini");
    expect(decision.cascade).toEqual({
      first: "cheapest",
      because: { kind: "command", wrong: 9, rejectedWrong: 3, least: 10, needed: 0.83 },
    });
    // Once it is known, the command alone is no reason any more.
    expect(first(decided([record(3, 10)], verify))).toBe("c/strong");
    expect(first(decided([], { ...verify, escalate: "off" }))).toBe("c/strong");
    const unknown = [of("a/nano", undefined, 0.2), ...MODELS.slice(1)];
    expect(first(decided([], verify, {}, unknown))).toBe("a/nano");
  });

  it("begins with a cheap model where the check has rejected enough wrong edits", () => {
    const decision = decided([record(19, 20)]);
    expect(first(decision)).toBe("b/mini");
    expect(decision.cascade).toMatchObject({
      first: "cheapest",
      because: { kind: "measured", wrong: 20, rejectedWrong: 19 },
    });
  });

  it("begins with a stronger one the less the check rejects, and with the strongest below what the route needs", () => {
    const firsts = [20, 18, 17, 16, 10, 0].map((rejected) => first(decided([record(rejected, 20)])));
    expect(firsts).toEqual(["b/mini", "b/mini", "a/middle", "c/strong", "c/strong", "c/strong"]);
  });

  it("says which share the route needs, and the interval of the measured one", () => {
    const because = decided([record(12, 13)]).cascade?.because;
    expect(because).toEqual({
      kind: "measured",
      ...{ wrong: 13, rejectedWrong: 12 },
      // As in Wilson's paper, for 12 of 13 and z = 1.96.
      ...{ low: expect.closeTo(0.667, 3), high: expect.closeTo(0.986, 3) },
      needed: 0.83,
    });
  });

  it("counts the edits of its own route and language alone", () => {
    const good = record(20, 20);
    expect(first(decided([{ ...good, language: "python" }]))).toBe("c/strong");
    expect(first(decided([{ ...good, route: "Other" }]))).toBe("c/strong");
    expect(first(decided([{ ...good, language: "" }], {}, { language: undefined }))).toBe("b/mini");
  });

  it("begins with the strongest model for what is no edit, and where no other model would try", () => {
    const good = [record(20, 20)];
    const chat = decided(good, {}, { isEdit: undefined });
    expect([first(chat), chat.cascade?.because.kind]).toEqual(["c/strong", "no-check"]);
    const off = decided(good, { escalate: "off" });
    expect([first(off), off.cascade?.because.kind]).toEqual(["c/strong", "no-escalation"]);
  });

  it("begins where the strongest model is in reach of the steps that are allowed", () => {
    const good = [record(20, 20)];
    expect(first(decided(good, { "escalation.maxSteps": 3 }))).toBe("a/nano");
    expect(first(decided(good, { "escalation.maxSteps": 1 }))).toBe("a/middle");
  });

  it("needs 0.85 where a quality is not known, and begins with the cheapest model then", () => {
    const models = [of("a/nano", undefined, 0.2), ...MODELS.slice(1)];
    const unknown = (rejected: number) => decided([record(rejected, 20)], {}, {}, models);
    expect(first(unknown(17))).toBe("a/nano");
    expect(first(unknown(16))).toBe("c/strong");
    expect(unknown(16).cascade?.because).toMatchObject({ needed: 0.85 });
  });

  it("begins with the strongest model where the others cost as much", () => {
    const models = MODELS.map(({ ref, quality }) => of(ref, quality?.value, 20));
    const decision = decided([record(20, 20)], {}, {}, models);
    expect(first(decision)).toBe("c/strong");
    expect(decision.cascade?.because).toMatchObject({ kind: "measured", needed: undefined });
  });

  it("has no reason where only one model may be used, and none where another model was escalated to", () => {
    expect(decided([record(20, 20)], {}, {}, MODELS.slice(3)).cascade).toBeUndefined();
    const step = { ref: "a/middle" };
    const escalation: Escalation = {
      decisionId: "d0",
      from: "a/nano",
      to: step,
      reason: "new-errors",
      by: "quality",
    };
    const next = decided([record(20, 20)], {}, { escalation });
    expect([first(next), next.cascade]).toEqual(["a/middle", undefined]);
  });

  it("is a reason of the decision, with its figures", () => {
    const reasons = reasonsOf(decided([record(19, 20)]));
    expect(reasons.find(({ kind }) => kind === "cascade")).toMatchObject({
      first: "cheapest",
      because: { wrong: 20, rejectedWrong: 19 },
    });
    expect(reasons.find(({ kind }) => kind === "pick")).toMatchObject({ method: "cascade", ref: "b/mini" });
  });

  it("skips models without a price", () => {
    const { inputUsdPerMTok: _, ...unpriced } = MODELS[0] ?? card("a/nano");
    const decision = decided([record(20, 20)], {}, {}, [unpriced, ...MODELS.slice(1)]);
    expect(decision.skipped).toContainEqual({ ref: "a/nano", reason: "unknown-price" });
  });
});

const share = fc.integer({ min: 5, max: 95 }).map((percent) => percent / 100);
const anySteps = fc
  .array(fc.tuple(share, fc.integer({ min: 1, max: 1000 })), { minLength: 2, maxLength: 6 })
  .map((all) =>
    all.map(([quality, expectedNanoUsd], at): ChainStep => ({ ref: `p${at}/m`, quality, expectedNanoUsd })),
  );
const input: CascadeInput = {
  isEdit: true,
  maxSteps: 2,
  tolerance: 0.02,
  hasVerifyCommand: false,
  record: undefined,
};

describe("the order of a cascade", () => {
  const orderWith = (steps: readonly ChainStep[], rejectedWrong: number, wrong = 100) =>
    cascadeOrder(steps, { ...input, record: record(rejectedWrong, wrong) });

  it("stays cheapest first, with no stronger model, where the check rejects more", () => {
    fc.assert(
      fc.property(anySteps, fc.nat(100), fc.nat(100), (steps, one, two) => {
        const [less, more] = [Math.min(one, two), Math.max(one, two)];
        const costAt = (rejected: number) => {
          const { first: ref } = orderWith(steps, rejected);
          return steps.find((step) => step.ref === ref)?.expectedNanoUsd ?? Number.POSITIVE_INFINITY;
        };
        // Where more is rejected, more tries are paid for: a model may then be no cheaper than the strongest one.
        if (orderWith(steps, 100).first === undefined) return;
        expect(costAt(more)).toBeLessThanOrEqual(Math.max(costAt(less), costAt(100)));
      }),
    );
  });

  it("is cheapest first only with a model that costs less than the strongest one, and at or above what is needed", () => {
    fc.assert(
      fc.property(anySteps, fc.nat(100), (steps, rejected) => {
        const { first: ref, cascade } = orderWith(steps, rejected);
        expect(cascade.first).toBe(ref === undefined ? "strongest" : "cheapest");
        if (ref === undefined || cascade.because.kind !== "measured") return;
        const best = Math.max(...steps.map(({ quality = 0 }) => quality));
        const costs = steps
          .filter(({ quality = 0 }) => quality >= best - 0.02)
          .map((step) => step.expectedNanoUsd);
        const own = steps.find((step) => step.ref === ref)?.expectedNanoUsd;
        expect(own).toBeLessThanOrEqual(Math.min(...costs.map((cost) => cost ?? 0)));
        expect(rejected / 100).toBeGreaterThanOrEqual(cascade.because.needed ?? 2);
      }),
    );
  });

  it("is strongest first below ten wrong edits, whatever the check rejected", () => {
    fc.assert(
      fc.property(anySteps, fc.nat(9), (steps, wrong) => {
        expect(orderWith(steps, wrong, wrong).cascade.first).toBe("strongest");
      }),
    );
  });
});
