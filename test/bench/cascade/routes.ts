import type { ModelRef } from "../../../src/contract/model.ts";
import { triedModels } from "./policy.ts";
import { PERFECT, replay } from "./replay.ts";
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

function triplesOf<T>(items: readonly T[]): readonly (readonly [T, T, T])[] {
  return items.flatMap((a, at) =>
    items
      .slice(at + 1)
      .flatMap((b, next) => items.slice(at + next + 2).map((c): readonly [T, T, T] => [a, b, c])),
  );
}
