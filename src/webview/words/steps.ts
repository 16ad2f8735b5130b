import type { AnswerSummary, ChainStep } from "../../contract/view/shown.ts";

/** The steps of a chain that stand before the one that answered, or before the last one that was asked. */
export function stepsPassed(chain: readonly ChainStep[], summary: AnswerSummary): readonly ChainStep[] {
  const { modelUsed, attempts } = summary;
  if (modelUsed === undefined && attempts.length === 0) return chain;
  const last = modelUsed ?? attempts.at(-1)?.ref;
  return chain.slice(
    0,
    Math.max(
      0,
      chain.findIndex(({ ref }) => ref === last),
    ),
  );
}
