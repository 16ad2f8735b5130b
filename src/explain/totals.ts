/** What the answers of a conversation cost together, and their tokens. */
import * as l10n from "@vscode/l10n";
import type { AnswerSummary } from "../contract/answer.ts";
import type { NanoUsd } from "../contract/money.ts";
import { formatMoney, formatTokens } from "./format.ts";

/** The tokens of one or several answers, with those of the attempts that failed. */
export type TokenTotals = {
  /** Without those that were read from a cache. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
};

export type Totals = TokenTotals & {
  readonly nanoUsd: NanoUsd;
  readonly isEstimated: boolean;
  /** The cost of some answer is not known, and missing in the amount. */
  readonly isIncomplete: boolean;
};

/** The tokens of an answer; undefined if they are not known. */
export function tokensOf({ attempts, usage }: AnswerSummary): TokenTotals | undefined {
  const usages = attempts.flatMap((attempt) => attempt.usage ?? []);
  if (usages.length === 0 && usage !== undefined) usages.push(usage);
  if (usages.length === 0) return undefined;
  return sumTokens(
    usages.map(({ inputTokens, cacheReadTokens, outputTokens }) => ({
      inputTokens: inputTokens - cacheReadTokens,
      cachedTokens: cacheReadTokens,
      outputTokens,
    })),
  );
}

/** The tokens of answers together, as far as they are known. */
export function tokenTotalsOf(summaries: readonly AnswerSummary[]): TokenTotals {
  return sumTokens(summaries.flatMap((summary) => tokensOf(summary) ?? []));
}

/** Sums the costs and the tokens of answers. */
export function totalsOf(summaries: readonly AnswerSummary[]): Totals {
  const costs = summaries.map(({ cost }) => cost);
  return {
    ...tokenTotalsOf(summaries),
    nanoUsd: costs.reduce((sum, cost) => sum + (cost.kind === "unknown" ? 0 : cost.nanoUsd), 0),
    isEstimated: costs.some(({ kind }) => kind === "estimated"),
    isIncomplete: costs.some(({ kind }) => kind === "unknown"),
  };
}

/** `$0.34`, `≈ $0.34`, “at least $0.34”, “free”, “cost unknown”. */
export function describeTotalCost({ nanoUsd, isEstimated, isIncomplete }: Totals): string {
  if (nanoUsd === 0) return isIncomplete ? l10n.t("cost unknown") : l10n.t("free");
  const amount = formatMoney(nanoUsd);
  if (isIncomplete) return l10n.t("at least {spent}", { spent: amount });
  return isEstimated ? `≈ ${amount}` : amount;
}

/**
 * The same with a limit: “$0.34 / $0.50”.
 * @param spentNanoUsd what the ledger has of the conversation, with answers that were replaced
 */
export function describeTotalAgainst(
  totals: Totals,
  spentNanoUsd: NanoUsd,
  limitNanoUsd: NanoUsd | null,
): string {
  const spent = describeTotalCost({ ...totals, nanoUsd: Math.max(totals.nanoUsd, spentNanoUsd) });
  return limitNanoUsd === null
    ? spent
    : l10n.t("{spent} / {budget}", { spent, budget: formatMoney(limitNanoUsd) });
}

/** All tokens: “12k tokens”. */
export function describeTotalTokens({ inputTokens, cachedTokens, outputTokens }: TokenTotals): string {
  return l10n.t("{tokens}\u00a0tokens", { tokens: formatTokens(inputTokens + cachedTokens + outputTokens) });
}

/** Sums tokens. */
export function sumTokens(all: readonly TokenTotals[]): TokenTotals {
  const sum = (of: (each: TokenTotals) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    inputTokens: sum(({ inputTokens }) => inputTokens),
    cachedTokens: sum(({ cachedTokens }) => cachedTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
  };
}
