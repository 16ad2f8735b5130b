import type { ModelCard } from "../../../src/contract/model.ts";

/** What one model did with each issue, in the order of the table's issues. */
export type ModelResults = {
  /** As the policy sees the model: its quality, and its prices. */
  readonly card: ModelCard;
  readonly solved: readonly boolean[];
  readonly costsUsd: readonly number[];
};

/** Which model solves which issue, and for how much. Every model has tried every issue. */
export type ResultTable = {
  readonly issues: readonly string[];
  readonly models: readonly ModelResults[];
  /** The size of a request as the policy sees it, the same for every issue: nothing tells beforehand which one is hard. */
  readonly request: { readonly inputTokens: number; readonly outputTokens: number };
};

/** The share of the issues that end solved, and the mean cost of an issue. */
export type Score = { readonly solvedShare: number; readonly usdPerIssue: number };

/** What one model scores by itself. */
export function scoreOf({ solved, costsUsd }: Pick<ModelResults, "solved" | "costsUsd">): Score {
  return { solvedShare: mean(solved.map(Number)), usdPerIssue: mean(costsUsd) };
}

/** What a model chosen at random for each issue is expected to score. */
export function randomChoice(models: readonly ModelResults[]): Score {
  const scores = models.map(scoreOf);
  return {
    solvedShare: mean(scores.map(({ solvedShare }) => solvedShare)),
    usdPerIssue: mean(scores.map(({ usdPerIssue }) => usdPerIssue)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
