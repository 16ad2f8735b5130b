import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCase, budget, type Case, REFS } from "../../../test/support/routing/decideCases.ts";
import type { Decision } from "../../contract/decision.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { readSettings } from "../../settings/read.ts";
import { SETTING_NAMES } from "../../settings/schema.ts";
import { createClassifier } from "../classify/classify.ts";
import { affordabilityOf, maxCostOf } from "./budget.ts";
import { decide } from "./decide.ts";
import { skippedFor } from "./eligibility.ts";
import { planFor } from "./plan.ts";
import type { World } from "./world.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const runs = { numRuns: 300 };

const decided = ({ attributes, features, settings, world }: Case): Decision =>
  decide(attributes, features, settings, world);

const chainOf = ({ outcome }: Decision) => (outcome.kind === "chosen" ? outcome.chain : []);

describe("a decision", { timeout: 60_000 }, () => {
  it("never replaces an explicit choice, except by fallback if the settings allow it", () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...REFS), (sample, explicitModel) => {
        const { budgetChoice: _, ...attributes } = sample.attributes;
        const decision = decided({ ...sample, attributes: { ...attributes, explicitModel } });
        const [first, ...fallbacks] = chainOf(decision);
        expect(decision.route).toEqual({ kind: "explicit" });
        if (first === undefined) return;
        if (sample.settings.fallbackFromExplicitChoice) {
          // The choice itself comes first, unless it was skipped.
          const isOut = decision.skipped.some(({ ref }) => ref === explicitModel);
          if (!isOut) expect(first.ref).toBe(explicitModel);
        } else {
          expect(first.ref).toBe(explicitModel);
          expect(fallbacks).toEqual([]);
        }
      }),
      runs,
    );
  });

  it("asks eligible models only, each of them once, and skips none of them unless the budget is exceeded", () => {
    fc.assert(
      fc.property(anyCase, (sample) => {
        const decision = decided(sample);
        const refs = chainOf(decision).map(({ ref }) => ref);
        for (const ref of refs) {
          expect({ ref, why: reasonToSkip(ref, decision, sample) }).toEqual({ ref, why: undefined });
        }
        expect(refs).toEqual([...new Set(refs)]);
        const both = decision.skipped.filter(({ ref }) => refs.includes(ref));
        expect(
          both.filter(({ reason }) => !(exceedsBudget(decision, sample) && reason === "over-budget")),
        ).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it("stays the same without a skipped candidate", () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), (sample, which) => {
        const before = decided(sample);
        const { outcome, skipped } = before;
        // If the budget decided, the models over budget are the reason.
        const isByBudget = outcome.kind === "blocked" || outcome.byBudget !== undefined;
        const insteadOf = outcome.kind === "chosen" ? outcome.insteadOf : undefined;
        // What the user's own switch costs depends on the last model, which may be skipped as a fallback.
        const last = before.pick === "explicit" ? sample.world.conversation?.ref : undefined;
        const named = [sample.attributes.explicitModel, insteadOf, last];
        const removable = skipped.filter(
          ({ ref, reason }) => !(isByBudget && reason === "over-budget") && !named.includes(ref),
        );
        const removed = removable[which % Math.max(1, removable.length)]?.ref;
        if (removed === undefined || (isByBudget && isArm(removed, sample))) return;
        const after = decided(without(removed, sample));
        expect(after.outcome).toEqual(outcome);
        expect(after.affinity).toEqual(before.affinity);
        expect(after.cascade).toEqual(before.cascade);
        expect(after.experiment).toEqual(before.experiment);
        expect(after.skipped).toEqual(skipped.filter(({ ref }) => ref !== removed));
      }),
      runs,
    );
  });

  it("has no higher worst-case cost with less budget", () => {
    fc.assert(
      fc.property(anyCase, budget, budget, (sample, one, two) => {
        const both = [one, two].sort((a, b) => a.leftNanoUsd - b.leftNanoUsd).map((each) => [each]);
        const decisions = both.map((has) => decided({ ...sample, world: { ...sample.world, budget: has } }));
        // A cascade begins with a cheap model only where the stronger ones that may follow it are covered too.
        if (decisions.some(({ cascade }) => cascade?.first === "cheapest")) return;
        const [poor, rich] = decisions.map((decision) => chainOf(decision)[0]);
        if (poor === undefined || rich === undefined) return;
        expect(worstOf(poor.ref, sample)).toBeLessThanOrEqual(worstOf(rich.ref, sample));
      }),
      runs,
    );
  });

  it("is the same for the same input in another process", () => {
    const here = JSON.stringify(fc.sample(anyCase, { numRuns: 300, seed: 4 }).map(decided));
    const script = `
      const { default: fc } = await import("fast-check");
      const { anyCase } = await import("./test/support/routing/decideCases.ts");
      const { decide } = await import("./src/routing/decide/decide.ts");
      const decisions = fc.sample(anyCase, { numRuns: 300, seed: 4 }).map(
        ({ attributes, features, settings, world }) => decide(attributes, features, settings, world));
      process.stdout.write(JSON.stringify(decisions));`;
    const options = { encoding: "utf8", maxBuffer: 1e8, cwd: PROJECT } as const;
    const there = execFileSync(process.execPath, ["--input-type=module", "--eval", script], options);
    expect(there).toBe(here);
  });

  it("has an outcome for any settings", async () => {
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
        pick: fc.oneof(fc.constantFrom("first", "cheapest", "fastest", "balanced", "cascade"), part),
        experiment: part,
        minQuality: fc.oneof(fc.double(), part),
      },
      { requiredKeys: [] },
    );
    const raw = fc.dictionary(fc.constantFrom(...SETTING_NAMES), part);
    const routes = fc.oneof(fc.array(oddRoute, { maxLength: 4 }), part);
    await fc.assert(
      fc.asyncProperty(anyCase, raw, routes, fc.string(), async (sample, values, written, ownWords) => {
        const { settings } = readSettings({ ...values, "switchyard.routes": written });
        const classify = createClassifier(async () => undefined);
        const sizes = { characters: ownWords.length, contextTokens: 10, isOffline: false };
        const features = await classify({ ownWords, ...sizes }, settings);
        const decision = decided({ ...sample, features, settings });
        expect(JSON.parse(JSON.stringify(decision)).outcome.kind).toMatch(/chosen|blocked/);
      }),
      { numRuns: 200 },
    );
  });
});

/** Why a model of the chain should have been skipped. */
function reasonToSkip(
  ref: ModelRef,
  decision: Decision,
  sample: Case,
): Skipped | "over the budget" | undefined {
  const { attributes, settings, world } = sample;
  // The fallbacks of an explicit choice come from the route that would otherwise apply.
  const match =
    decision.route.kind === "explicit"
      ? planFor({ ...sample, attributes: { ...attributes, explicitModel: undefined } }).route
      : decision.route;
  const route = match.kind === "settings" ? settings.routes[match.index] : undefined;
  const card = cardIn(ref, world);
  const isExplicit = attributes.explicitModel === ref;
  // A model that the user picked is exempt from the requirements of its route.
  const steps = isExplicit ? [] : (route?.models.filter(({ model }) => model === ref) ?? []);
  const isByBudget = decision.outcome.kind === "chosen" && decision.outcome.byBudget !== undefined;
  const requirements = {
    localOnly: route?.localOnly === true && !isExplicit,
    needsPrice: ["cheapest", "balanced", "cascade"].includes(decision.pick),
    ignoresBreaker: isExplicit,
    minQuality: isExplicit ? undefined : route?.minQuality,
  };
  // A route may list a model twice, for different tiers, and a budget choice may lie outside of the route.
  const reasons = (steps.length === 0 ? [{ model: ref }] : steps).map((entry) =>
    skippedFor(entry, card, requirements, sample),
  );
  if (!reasons.includes(undefined)) return reasons[0];
  if (isByBudget && exceedsBudget(decision, sample)) return undefined;
  return affordabilityOf(card, attributes, settings, world).kind === "affordable"
    ? undefined
    : "over the budget";
}

/** Only the setting `cheapest` may exceed the budget. */
function exceedsBudget({ outcome }: Decision, { attributes, settings }: Case): boolean {
  const isSoft = settings.budget.whenExceeded === "cheapest" && attributes.budgetChoice === undefined;
  return outcome.kind === "chosen" && outcome.byBudget === "cheapest" && isSoft;
}

function worstOf(ref: ModelRef, { attributes, settings, world }: Case): number {
  const card = cardIn(ref, world);
  const { maxOutputTokens } = settings;
  const limits = [attributes.maxOutputTokens, card.maxOutputTokens].map((limit) => limit ?? maxOutputTokens);
  const output = Math.min(1024, maxOutputTokens, ...limits);
  return maxCostOf(card, attributes, output) ?? Number.POSITIVE_INFINITY;
}

function cardIn(ref: ModelRef, world: World): ModelCard {
  const card = world.cards.get(ref);
  if (card === undefined) throw new Error(`${ref} has no card`);
  return card;
}

/** Participation of private prompts in an experiment depends on its models, so they cannot be removed. */
function isArm(ref: ModelRef, { settings }: Case): boolean {
  return settings.routes.some(
    ({ experiment }) => experiment?.control === ref || experiment?.treatment === ref,
  );
}

/** The same case with one model removed from routes and pools and, unless it is an arm, from the known models. */
function without(removed: ModelRef, sample: Case): Case {
  const { settings, world } = sample;
  const isKept = (ref: ModelRef) => ref !== removed;
  const routes = settings.routes.map((route) => ({
    ...route,
    models: route.models.filter(({ model }) => isKept(model)),
  }));
  const cards = new Map([...world.cards].filter(([ref]) => isKept(ref) || isArm(removed, sample)));
  const { pool, localModels } = world;
  return {
    ...sample,
    settings: { ...settings, routes },
    world: { ...world, cards, pool: pool.filter(isKept), localModels: localModels.filter(isKept) },
  };
}
