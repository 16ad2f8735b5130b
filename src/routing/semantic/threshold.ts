import { directionOf, dot, sumOf } from "../../embedding/vectors.ts";

/** The weight of the mean of the examples; the nearest example has the rest. */
const MEAN_WEIGHT = 0.5;

/**
 * How well a prompt fits a route: half its cosine to the mean of the route's examples, half its cosine to the nearest
 * example. With 150 routes of 10 examples the best score is right in 83.4 % of the cases, with the mean alone in 83.0 %
 * (from the documentation of the table of vectors, "Choosing a route with it").
 */
export function scoreOf(cosineToMean: number, cosineToNearest: number): number {
  return MEAN_WEIGHT * clampCosine(cosineToMean) + (1 - MEAN_WEIGHT) * clampCosine(cosineToNearest);
}

function clampCosine(cosine: number): number {
  return Math.max(-1, Math.min(1, cosine));
}

/** Fewer examples are not enough to derive a threshold from. */
const MIN_EXAMPLES = 3;
const THRESHOLD_OF_FEW = 0.38;
const QUANTILE = 0.1;
const SLOPE = 0.5;
const OFFSET = 0.19;
const LOWEST = 0.32;
const HIGHEST = 0.55;

/** Limits the scores of one route, so that creating an index takes linear time. */
const MAX_SCORES = 100;

/**
 * The lowest score at which a route applies if the user sets none: half of the 10 % quantile of the leave-one-out scores,
 * plus 0.19, between 0.32 and 0.55; 0.38 for a route with fewer than three examples. Tuned with the built-in table on
 * public intent data sets: 91 to 94 % of the out-of-scope prompts match no route, and 87 to 92 % of the others match the
 * right one (from the documentation of the table of vectors, "Choosing a route with it").
 * @param scores the leave-one-out scores of all routes
 */
export function derivedThreshold(examples: number, scores: readonly number[]): number {
  if (examples < MIN_EXAMPLES) return THRESHOLD_OF_FEW;
  return Math.min(HIGHEST, Math.max(LOWEST, SLOPE * quantile(scores, QUANTILE) + OFFSET));
}

/**
 * The scores of a route's examples for the route without themselves. Of more than 100 examples it scores 100 that are
 * evenly spread in alphabetical order. Empty for fewer than three examples.
 * @param vectors of length 1, one for each example
 */
export function leaveOneOutScores(
  examples: readonly string[],
  vectors: readonly Float32Array[],
): readonly number[] {
  if (examples.length < MIN_EXAMPLES) return [];
  const sum = sumOf(vectors);
  return evenlySpread(examples).map((at) => {
    const own = vectors[at] ?? new Float32Array();
    const others = directionOf(sum.map((component, index) => component - (own[index] ?? 0)));
    let nearest = -1;
    for (const [other, vector] of vectors.entries()) {
      if (other !== at) nearest = Math.max(nearest, dot(own, vector));
    }
    return scoreOf(dot(own, others), nearest);
  });
}

/** The positions of the examples to score. They do not depend on the order in which the examples are listed. */
function evenlySpread(examples: readonly string[]): readonly number[] {
  const sorted = [...examples.entries()].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([at]) => at);
  if (sorted.length <= MAX_SCORES) return sorted;
  const step = sorted.length / MAX_SCORES;
  return Array.from({ length: MAX_SCORES }, (_, at) => sorted[Math.floor(at * step)] ?? 0);
}

/** The quantile with linear interpolation, as numpy's `quantile` computes it by default. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? 0;
  return below + (above - below) * (position - Math.floor(position));
}
