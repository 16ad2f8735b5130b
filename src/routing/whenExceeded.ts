import type { Attributes, BudgetChoice, ChainStep, DecisionOutcome } from "../contract/decision.ts";
import type { ModelCard } from "../contract/model.ts";
import type { Settings } from "../settings/schema.ts";
import { affordabilityOf, isFree } from "./affordability.ts";
import type { World } from "./world.ts";

/** An eligible model, the budget left aside. */
export type Considered = { readonly step: ChainStep; readonly card: ModelCard };

/**
 * What happens when the budget carries none of the route's models, or the user chose a way out for this prompt.
 * `everybody` gives the eligible ones among all known models: ways out may lie outside the route.
 */
export function whenExceeded(
  tooDear: readonly Considered[],
  carried: readonly ChainStep[],
  everybody: () => readonly Considered[],
  order: (steps: readonly ChainStep[]) => readonly ChainStep[],
  attributes: Attributes,
  settings: Settings,
  world: World,
): DecisionOutcome {
  if (tooDear.length === 0 && attributes.budgetChoice === undefined) {
    return { kind: "stopped", stop: { kind: "nobody-eligible" } };
  }
  const all = everybody();
  const free = bestFirst(all.filter(({ card }) => isFree(card) && card.simulated !== true));
  const cheap = cheapestFirst(
    all.filter(
      ({ card }) => !isFree(card) && affordabilityOf(card, attributes, world.budget).kind === "carried",
    ),
  );
  const wanted = attributes.budgetChoice ?? settings.budget.whenExceeded;
  if (attributes.explicitModel === undefined || attributes.budgetChoice !== undefined) {
    const byBudget = wanted === "free" || wanted === "cheapest" ? wanted : undefined;
    const soft = attributes.budgetChoice === undefined;
    const steps =
      wanted === "free" ? free : wanted === "cheapest" ? (soft ? cheapestFirst(tooDear) : cheap) : [];
    const [first, ...rest] = steps.map(({ step }) => step);
    if (byBudget !== undefined && first !== undefined)
      return { kind: "chosen", chain: [first, ...rest], byBudget };
  }
  const pick = order([...carried, ...tooDear.map(({ step }) => step)])[0];
  return {
    kind: "stopped",
    stop: {
      kind: "over-budget",
      expectedNanoUsd: pick?.expectedNanoUsd ?? 0,
      leftNanoUsd: world.budget?.leftNanoUsd ?? 0,
      budgetNanoUsd: world.budget?.budgetNanoUsd ?? 0,
      choices: choicesFrom(cheap[0], free[0], pick),
    },
  };
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

function cheapestFirst(list: readonly Considered[]): readonly Considered[] {
  const cost = ({ step }: Considered) => step.expectedNanoUsd ?? Number.MAX_SAFE_INTEGER;
  return [...list].sort((a, b) => cost(a) - cost(b));
}

function bestFirst(list: readonly Considered[]): readonly Considered[] {
  return [...list].sort((a, b) => (b.step.quality ?? 0) - (a.step.quality ?? 0));
}
