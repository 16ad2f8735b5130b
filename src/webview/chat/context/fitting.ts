import type { ContextChip, Decision, ModelRef, Skipped } from "../../../contract/view/types.ts";

/** What of a prompt's context makes it too long. */
export type TooLong = {
  readonly tokens: number;
  /** The model with the largest window, which is still too small. */
  readonly largest: { readonly ref: ModelRef; readonly window: number };
  /** Indexes of the items without which the prompt would fit, the largest ones. */
  readonly items: ReadonlySet<number>;
};

type TooSmall = Extract<Skipped, { reason: "context-window" }>;

/**
 * Returns what makes a prompt too long for every model that could answer it otherwise; undefined if a model can answer, or
 * if the prompt is too long without its context too.
 */
export function tooLongFor(decision: Decision, context: readonly ContextChip[]): TooLong | undefined {
  if (decision.outcome.kind === "chosen") return undefined;
  const [largest] = decision.skipped
    .filter((skipped): skipped is TooSmall => skipped.reason === "context-window")
    .toSorted((one, other) => other.maxInputTokens - one.maxInputTokens);
  if (largest === undefined) return undefined;
  const items = new Set<number>();
  let excess = largest.tokens - largest.maxInputTokens;
  const bySize = context
    .map(({ tokens }, index) => ({ tokens, index }))
    .toSorted((a, b) => b.tokens - a.tokens);
  for (const { tokens, index } of bySize) {
    if (excess <= 0) break;
    items.add(index);
    excess -= tokens;
  }
  if (excess > 0) return undefined;
  return { tokens: largest.tokens, largest: { ref: largest.ref, window: largest.maxInputTokens }, items };
}
