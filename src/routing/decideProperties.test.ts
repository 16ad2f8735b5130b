import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCase, budget, type Case, REFS } from "../../test/support/decideCases.ts";
import type { Decision, Skipped } from "../contract/decision.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import { readSettings } from "../settings/read.ts";
import { SETTING_NAMES } from "../settings/schema.ts";
import { affordabilityOf, isFree, mostCostOf } from "./affordability.ts";
import { createClassifier } from "./classify.ts";
import { decide } from "./decide.ts";
import { passedOverFor } from "./eligibility.ts";
import { firstMatch } from "./match.ts";
import type { World } from "./world.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const runs = { numRuns: 2000 };

const decided = ({ attributes, features, settings, world }: Case): Decision =>
  decide(attributes, features, settings, world);

const chainOf = ({ outcome }: Decision) => (outcome.kind === "chosen" ? outcome.chain : []);

describe("whatever is decided", { timeout: 60_000 }, () => {
  it("never replaces an explicit choice, unless the settings let others stand behind it", () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...REFS), (any, explicitModel) => {
        const { budgetChoice: _, ...attributes } = any.attributes;
        const decision = decided({ ...any, attributes: { ...attributes, explicitModel } });
        const [first, ...behind] = chainOf(decision);
        expect(decision.route).toEqual({ kind: "explicit" });
        if (first === undefined) return;
        if (any.settings.fallbackFromExplicitChoice) {
          // The choice itself, where it may be asked at all.
          const isOut = decision.skipped.some(({ ref }) => ref === explicitModel);
          if (!isOut) expect(first.ref).toBe(explicitModel);
        } else {
          expect(first.ref).toBe(explicitModel);
          expect(behind).toEqual([]);
        }
      }),
      runs,
    );
  });

  it("asks nobody who is not eligible", () => {
    fc.assert(
      fc.property(anyCase, (any) => {
        const decision = decided(any);
        for (const { ref } of chainOf(decision)) {
          expect({ ref, why: whyNot(ref, decision, any) }).toEqual({ ref, why: undefined });
        }
      }),
      runs,
    );
  });

  it("visits no model twice", () => {
    fc.assert(
      fc.property(anyCase, (any) => {
        const refs = chainOf(decided(any)).map(({ ref }) => ref);
        expect(refs).toEqual([...new Set(refs)]);
      }),
      runs,
    );
  });

  it("passes over nobody whom it asks, but for the budget where the cap is passed", () => {
    fc.assert(
      fc.property(anyCase, (any) => {
        const decision = decided(any);
        const refs = new Set(chainOf(decision).map(({ ref }) => ref));
        const both = decision.skipped.filter(({ ref }) => refs.has(ref));
        expect(
          both.filter(({ reason }) => !(isPastTheCap(decision, any) && reason === "over-budget")),
        ).toEqual([]);
      }),
      runs,
    );
  });

  it("is the same without a candidate that was passed over", () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), (any, which) => {
        const before = decided(any);
        const { outcome, skipped: passedOver } = before;
        // Where the budget had the last word, whom it does not carry is why it had.
        const isByBudget = outcome.kind === "blocked" || outcome.byBudget !== undefined;
        const out = passedOver.filter(
          ({ ref, reason }) =>
            !(isByBudget && reason === "over-budget") && ref !== any.attributes.explicitModel,
        );
        const gone = out[which % Math.max(1, out.length)]?.ref;
        if (gone === undefined || (isByBudget && isArm(gone, any))) return;
        const after = decided(without(gone, any));
        expect(after.outcome).toEqual(outcome);
        expect(after.affinity).toEqual(before.affinity);
        expect(after.experiment).toEqual(before.experiment);
        expect(after.skipped).toEqual(passedOver.filter(({ ref }) => ref !== gone));
      }),
      runs,
    );
  });

  it("is no dearer, by the most that it can cost, with less budget", () => {
    fc.assert(
      fc.property(anyCase, budget, budget, (any, one, two) => {
        const both = [one, two].sort((a, b) => a.leftNanoUsd - b.leftNanoUsd);
        const [poor, rich] = both.map(
          (has) => chainOf(decided({ ...any, world: { ...any.world, budget: has } }))[0],
        );
        if (poor === undefined || rich === undefined) return;
        expect(worstOf(poor.ref, any)).toBeLessThanOrEqual(worstOf(rich.ref, any));
      }),
      runs,
    );
  });

  it("is the same for the same input in another process", () => {
    const here = JSON.stringify(fc.sample(anyCase, { numRuns: 300, seed: 4 }).map(decided));
    const script = `
      const { default: fc } = await import("fast-check");
      const { anyCase } = await import("./test/support/decideCases.ts");
      const { decide } = await import("./src/routing/decide.ts");
      const decisions = fc.sample(anyCase, { numRuns: 300, seed: 4 }).map(
        ({ attributes, features, settings, world }) => decide(attributes, features, settings, world));
      process.stdout.write(JSON.stringify(decisions));`;
    const options = { encoding: "utf8", maxBuffer: 1e8, cwd: PROJECT } as const;
    const there = execFileSync(process.execPath, ["--input-type=module", "--eval", script], options);
    expect(there).toBe(here);
  });

  it("is something for any settings, however odd", async () => {
    const part = fc.anything({ maxDepth: 4, withBigInt: true, withDate: true, withNullPrototype: true });
    const oddRoute = fc.record(
      {
        name: fc.oneof(fc.string(), part),
        when: fc.oneof(
          part,
          fc.dictionary(fc.constantFrom("complexity", "paths", "keywords", "contextTokens"), part),
        ),
        models: fc.oneof(fc.array(fc.oneof(fc.constantFrom(...REFS), fc.string(), part)), part),
        examples: fc.oneof(fc.array(fc.string()), part),
        pick: fc.oneof(fc.constantFrom("first", "cheapest", "fastest", "balanced"), part),
        experiment: part,
        minQuality: fc.oneof(fc.double(), part),
      },
      { requiredKeys: [] },
    );
    const raw = fc.dictionary(fc.constantFrom(...SETTING_NAMES), part);
    const routes = fc.oneof(fc.array(oddRoute, { maxLength: 4 }), part);
    await fc.assert(
      fc.asyncProperty(anyCase, raw, routes, fc.string(), async (any, values, written, ownWords) => {
        const { settings } = readSettings({ ...values, "switchyard.routes": written });
        const classify = createClassifier(async () => undefined);
        const sizes = { characters: ownWords.length, contextTokens: 10, isPrivate: false };
        const features = await classify({ ownWords, ...sizes }, settings);
        const decision = decided({ ...any, features, settings });
        expect(JSON.parse(JSON.stringify(decision)).outcome.kind).toMatch(/chosen|blocked/);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Why a model that is asked should not have been. */
function whyNot(ref: ModelRef, decision: Decision, any: Case): Skipped | "over the budget" | undefined {
  const { attributes, features, settings, world } = any;
  // Behind an explicit choice stands the route that would else have applied.
  const route =
    decision.route.kind === "settings"
      ? settings.routes[decision.route.index]
      : decision.route.kind === "explicit"
        ? firstMatch(settings.routes, attributes, features)?.route
        : undefined;
  const card = cardIn(ref, world);
  const isExplicit = attributes.explicitModel === ref;
  // What a route asks holds for everybody but a model that the user picked.
  const steps = isExplicit ? [] : (route?.models.filter(({ model }) => model === ref) ?? []);
  const isWayOut = decision.outcome.kind === "chosen" && decision.outcome.byBudget !== undefined;
  const demands = {
    localOnly: route?.localOnly === true && !isExplicit,
    needsPrice: decision.pick === "cheapest" || decision.pick === "balanced",
    passesBreaker: isExplicit,
    ...(route?.minQuality === undefined || isExplicit ? {} : { minQuality: route.minQuality }),
  };
  // A route may name a model twice, for different tiers; and a way out may lie outside of it.
  const whys = (steps.length === 0 ? [{ model: ref }] : steps).map((entry) =>
    passedOverFor(entry, card, demands, attributes, features, world),
  );
  if (!whys.includes(undefined)) return whys[0];
  if (isWayOut && isPastTheCap(decision, any)) return undefined;
  return affordabilityOf(card, attributes, world.budget).kind === "carried" ? undefined : "over the budget";
}

/** The one setting under which the budget may be passed. */
function isPastTheCap({ outcome }: Decision, { attributes, settings }: Case): boolean {
  const isSoft = settings.budget.whenExceeded === "cheapest" && attributes.budgetChoice === undefined;
  return outcome.kind === "chosen" && outcome.byBudget === "cheapest" && isSoft;
}

function worstOf(ref: ModelRef, { attributes, world }: Case): number {
  const card = cardIn(ref, world);
  const output = Math.min(1024, attributes.maxOutputTokens ?? 1024);
  return isFree(card) ? 0 : (mostCostOf(card, attributes, output) ?? Number.POSITIVE_INFINITY);
}

function cardIn(ref: ModelRef, world: World): ModelCard {
  const card = world.cards.get(ref);
  if (card === undefined) throw new Error(`${ref} has no card`);
  return card;
}

/** Whether private prompts take part in an experiment hangs on its models, asked or not: they cannot be taken out. */
function isArm(ref: ModelRef, { settings }: Case): boolean {
  return settings.routes.some(
    ({ experiment }) => experiment?.control === ref || experiment?.treatment === ref,
  );
}

/** The same case with one model out of every route, out of the pools, and, unless it is an arm, not known at all. */
function without(gone: ModelRef, any: Case): Case {
  const { settings, world } = any;
  const stay = (ref: ModelRef) => ref !== gone;
  const routes = settings.routes.map((route) => ({
    ...route,
    models: route.models.filter(({ model }) => stay(model)),
  }));
  const cards = new Map([...world.cards].filter(([ref]) => stay(ref) || isArm(gone, any)));
  const { pool, localModels } = world;
  return {
    ...any,
    settings: { ...settings, routes },
    world: { ...world, cards, pool: pool.filter(stay), localModels: localModels.filter(stay) },
  };
}
