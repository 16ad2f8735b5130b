import type { ModelRef } from "../../../src/contract/model.ts";
import type { ModelResults, ResultTable, Score } from "./table.ts";

/** A check of answers: the share of the wrong ones that it rejects, and of the right ones. It errs at random. */
export type Verifier = { readonly rejectsWrong: number; readonly rejectsRight: number };

export const PERFECT: Verifier = { rejectsWrong: 1, rejectsRight: 0 };

/**
 * What a chain of models is expected to score: the next one tries an issue if the verifier rejects the answer. The answer of
 * the last one stands, rejected or not. Computed, not drawn, so that it has no error of its own.
 */
export function replay(
  table: ResultTable,
  refs: readonly ModelRef[],
  { rejectsWrong, rejectsRight }: Verifier,
): Score {
  const chain = refs.map((ref) => resultsOf(table, ref));
  let solved = 0;
  let usd = 0;
  for (const issue of table.issues.keys()) {
    let reached = 1;
    for (const [step, model] of chain.entries()) {
      const isRight = model.solved[issue] === true;
      const rejection = step === chain.length - 1 ? 0 : isRight ? rejectsRight : rejectsWrong;
      usd += reached * (model.costsUsd[issue] ?? 0);
      if (isRight) solved += reached * (1 - rejection);
      reached *= rejection;
    }
  }
  return { solvedShare: solved / table.issues.length, usdPerIssue: usd / table.issues.length };
}

/** `never`: the other chain solves more or costs less, even if all wrong answers are rejected. */
export type BreakEven = number | "never";

const SEARCH_STEPS = 40;

/** Sums of shares differ in their last digits. */
const ROUNDING = 1e-9;

/**
 * The share of the wrong answers that the verifier has to reject for one chain to win: to solve as much as the other, for no
 * more dollars. Below it, the other one wins.
 */
export function breakEven(
  table: ResultTable,
  refs: readonly ModelRef[],
  others: readonly ModelRef[],
  rejectsRight: number,
): BreakEven {
  const scoresAt = (rejectsWrong: number) => {
    const verifier = { rejectsWrong, rejectsRight };
    return { own: replay(table, refs, verifier), other: replay(table, others, verifier) };
  };
  const solvesAsMuch = (rejectsWrong: number) => {
    const { own, other } = scoresAt(rejectsWrong);
    return own.solvedShare >= other.solvedShare - ROUNDING;
  };
  if (!solvesAsMuch(1)) return "never";
  // What is solved grows with the share that is rejected, and so do the dollars.
  let tooLow = 0;
  let enough = solvesAsMuch(0) ? 0 : 1;
  for (let step = 0; step < SEARCH_STEPS && tooLow < enough; step += 1) {
    const middle = (tooLow + enough) / 2;
    if (solvesAsMuch(middle)) enough = middle;
    else tooLow = middle;
  }
  const { own, other } = scoresAt(enough);
  return own.usdPerIssue <= other.usdPerIssue + ROUNDING ? enough : "never";
}

function resultsOf({ models }: ResultTable, ref: ModelRef): ModelResults {
  const found = models.find(({ card }) => card.ref === ref);
  if (found === undefined) throw new Error(`The table has no model ${ref}.`);
  return found;
}
