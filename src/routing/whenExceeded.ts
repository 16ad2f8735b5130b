import type { Attributes, BudgetChoice, ChainStep, DecisionOutcome } from "../contract/decision.ts";
import { affordabilityOf, isFree, LEAST_OUTPUT_TOKENS, mostCostOf } from "./affordability.ts";
import type { Considered, Question } from "./judge.ts";
import { orderBy } from "./pick.ts";
import type { Plan } from "./plan.ts";

/**
 * What happens when the budget carries none of the route's models, or the user chose a way out for this prompt.
 * @param tooDear the route's models that only the budget stands against
 * @param all the eligible ones of all known models, the budget left aside
 */
export function whenExceeded(
  plan: Plan,
  tooDear: readonly Considered[],
  carried: readonly ChainStep[],
  all: () => readonly Considered[],
  { attributes, settings, world }: Question,
): DecisionOutcome {
  const { budgetChoice, explicitModel } = attributes;
  if (tooDear.length === 0 && budgetChoice === undefined) {
    return { kind: "blocked", reason: { kind: "no-model-available" } };
  }
  const known = all();
  const free = bestFirst(known.filter(({ card }) => isFree(card) && card.simulated !== true));
  const cheap = cheapestFirst(known.filter(({ card }) => !isFree(card) && isCarried(card)));
  // A choice for this prompt holds within the budget; only the setting `cheapest` passes it, and never for a model
  // that the user picked.
  const wayOut = budgetChoice ?? (explicitModel === undefined ? settings.budget.whenExceeded : "ask");
  const steps =
    wayOut === "free"
      ? free
      : wayOut === "cheapest"
        ? budgetChoice === undefined
          ? leastAtStakeFirst(tooDear, attributes)
          : cheap
        : [];
  const [first, ...rest] = steps.map(({ step }) => step);
  if (first !== undefined && (wayOut === "free" || wayOut === "cheapest")) {
    return { kind: "chosen", chain: [first, ...rest], byBudget: wayOut };
  }
  const pick = pickOf(plan, [...carried, ...tooDear.map(({ step }) => step)], settings.secondUsd);
  return {
    kind: "blocked",
    reason: {
      kind: "over-budget",
      expectedNanoUsd: pick?.expectedNanoUsd ?? 0,
      leftNanoUsd: world.budget?.leftNanoUsd ?? 0,
      budgetNanoUsd: world.budget?.budgetNanoUsd ?? 0,
      period: world.budget?.period ?? "day",
      choices: choicesFrom(cheap[0], free[0], pick),
    },
  };

  function isCarried(card: Considered["card"]): boolean {
    return affordabilityOf(card, attributes, world.budget).kind === "carried";
  }
}

/** Whom the route would ask, had the budget enough. */
function pickOf(plan: Plan, steps: readonly ChainStep[], secondUsd: number): ChainStep | undefined {
  return orderBy(plan.pick, steps, { expectedOutputTokens: 0, latencyOf: () => undefined, secondUsd })[0];
}

function choicesFrom(
  cheap: Considered | undefined,
  free: Considered | undefined,
  pick: ChainStep | undefined,
): readonly BudgetChoice[] {
  const choices: BudgetChoice[] = [];
  if (cheap !== undefined) {
    const { ref, expectedNanoUsd = 0 } = cheap.step;
    choices.push({ kind: "cheapest", ref, expectedNanoUsd });
  }
  if (free !== undefined) choices.push({ kind: "free", ref: free.step.ref, local: free.card.local });
  if (pick !== undefined) choices.push({ kind: "raise", ref: pick.ref });
  return choices;
}

/** Past the cap the figure counts that the budget goes by: the most that an answer can cost. */
function leastAtStakeFirst(list: readonly Considered[], attributes: Attributes): readonly Considered[] {
  const output = Math.min(LEAST_OUTPUT_TOKENS, attributes.maxOutputTokens ?? LEAST_OUTPUT_TOKENS);
  const most = ({ card }: Considered) => mostCostOf(card, attributes, output) ?? Number.MAX_SAFE_INTEGER;
  return cheapestFirst(list).toSorted((a, b) => most(a) - most(b));
}

function cheapestFirst(list: readonly Considered[]): readonly Considered[] {
  const cost = ({ step }: Considered) => step.expectedNanoUsd ?? Number.MAX_SAFE_INTEGER;
  return [...list].sort((a, b) => cost(a) - cost(b));
}

function bestFirst(list: readonly Considered[]): readonly Considered[] {
  return [...list].sort((a, b) => (b.step.quality ?? 0) - (a.step.quality ?? 0));
}
