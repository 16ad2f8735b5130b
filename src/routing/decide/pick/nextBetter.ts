import type { ChainStep } from "../../../contract/decision.ts";
import { splitRef } from "../../../contract/model.ts";

/**
 * The next better model: better by more than the tolerance, and not beaten by another better one in quality and in cost. Among
 * equals, another provider comes first, then the lower cost. Undefined if there is none, or the quality is not known.
 */
export function nextBetter(
  { ref, quality }: ChainStep,
  steps: readonly ChainStep[],
  tolerance: number,
): ChainStep | undefined {
  if (quality === undefined) return undefined;
  const better = steps.filter((step) => qualityOf(step) > quality + tolerance);
  const { provider } = splitRef(ref);
  const isSame = (step: ChainStep) => Number(splitRef(step.ref).provider === provider);
  return better
    .filter((step) => !better.some((other) => beats(other, step)))
    .toSorted(
      (a, b) => qualityOf(a) - qualityOf(b) || isSame(a) - isSame(b) || compareCosts(costOf(a), costOf(b)),
    )[0];
}

function beats(one: ChainStep, other: ChainStep): boolean {
  return qualityOf(one) > qualityOf(other) && costOf(one) <= costOf(other);
}

function qualityOf({ quality = 0 }: ChainStep): number {
  return quality;
}

/** The expected cost; infinite if it is not known. */
export function costOf({ expectedNanoUsd = Number.POSITIVE_INFINITY }: ChainStep): number {
  return expectedNanoUsd;
}

/** Two unknown costs are equal. */
export function compareCosts(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
