import type { ModelCard, ModelRef } from "../../../src/contract/model.ts";
import { type Start, triedModels } from "./policy.ts";
import { PERFECT, replay, type Verifier } from "./replay.ts";
import type { ResultTable, Score } from "./table.ts";

/**
 * Of all routes with three models of the table, by the models that are tried: those that with a perfect verifier solve as
 * much as a score, and that no other one beats in both solved and dollars. The one that solves the most comes first.
 */
export function bestRoutesOfThree(table: ResultTable, atLeast: Score): readonly (readonly ModelRef[])[] {
  const cards = table.models.map(({ card }) => card);
  const routes = triplesOf(cards)
    .map((three) => triedModels("cheapest", three, table.request))
    .map((tried) => ({ tried, score: replay(table, tried, PERFECT) }))
    .filter(({ score }) => score.solvedShare >= atLeast.solvedShare)
    .toSorted(
      (a, b) => b.score.solvedShare - a.score.solvedShare || a.score.usdPerIssue - b.score.usdPerIssue,
    );
  let leastUsd = Number.POSITIVE_INFINITY;
  return routes
    .filter(({ score }) => {
      const isCheaper = score.usdPerIssue < leastUsd;
      if (isCheaper) leastUsd = score.usdPerIssue;
      return isCheaper;
    })
    .map(({ tried }) => tried);
}

/** How the routes of a table fare with an order of their models, beside the strongest model alone. */
export type Comparison = {
  /** The share of the routes in which it solves as much, for less money; and in which it solves less. */
  readonly won: number;
  readonly lost: number;
  /** The mean differences: in the share of the issues that is solved, and in the cost, as a share. */
  readonly solved: number;
  readonly cost: number;
};

/** Sums of shares differ in their last digits. */
const ROUNDING = 1e-9;

/** Compares an order with the strongest first, over all routes of two models or more of these tables. */
export function compareRoutes(tables: readonly ResultTable[], start: Start, verifier: Verifier): Comparison {
  const differences = tables.flatMap((table) =>
    routesOf(table).map((cards) => {
      const score = (from: Start) => replay(table, triedModels(from, cards, table.request), verifier);
      const [own, strongest] = [score(start), score("strongest")];
      return {
        solved: own.solvedShare - strongest.solvedShare,
        cost: own.usdPerIssue / strongest.usdPerIssue - 1,
      };
    }),
  );
  const shareOf = (holds: (difference: { readonly solved: number; readonly cost: number }) => boolean) =>
    differences.filter(holds).length / differences.length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    won: shareOf(({ solved, cost }) => solved >= -ROUNDING && cost < -ROUNDING),
    lost: shareOf(({ solved }) => solved < -ROUNDING),
    solved: mean(differences.map(({ solved }) => solved)),
    cost: mean(differences.map(({ cost }) => cost)),
  };
}

/** All sets of two models or more. */
function routesOf({ models }: ResultTable): readonly (readonly ModelCard[])[] {
  return Array.from({ length: 2 ** models.length }, (_, set) =>
    models.filter((__, at) => (set >> at) % 2 === 1).map(({ card }) => card),
  ).filter((cards) => cards.length > 1);
}

function triplesOf<T>(items: readonly T[]): readonly (readonly [T, T, T])[] {
  return items.flatMap((a, at) =>
    items
      .slice(at + 1)
      .flatMap((b, next) => items.slice(at + next + 2).map((c): readonly [T, T, T] => [a, b, c])),
  );
}
