import { directionOf, dot, sumOf } from "../../embedding/vectors.ts";

/** The weight of the cosine to the mean of the examples; the cosines to the examples have the rest. */
const MEAN_WEIGHT = 0.5;

/** Of the cosines to the examples, those within about this distance of the highest one count. */
const SOFTNESS = 0.25;

/**
 * How well a prompt fits a route: half its cosine to the mean of the route's examples, half the soft maximum of its cosines to
 * the examples (the logarithm of a kernel density estimate). With the maximum itself, a single example that shares a word
 * with the prompt by chance decides. Of the weights, softnesses and numbers of nearest examples that were tried on the sets
 * "for tuning" of `npm run bench routing`, this routed the most prompts where 80 % of those of no route were refused.
 * @param density the mean of `densityAt` over the examples
 */
export function scoreOf(cosineToMean: number, density: number): number {
  const nearness = SOFTNESS * Math.log(density);
  return MEAN_WEIGHT * clampCosine(cosineToMean) + (1 - MEAN_WEIGHT) * clampCosine(nearness);
}

/** What an example adds to the density of examples at a prompt, by the cosine of the two. */
export function densityAt(cosine: number): number {
  return Math.exp(cosine / SOFTNESS);
}

/** Rounding can move the product of two vectors of length 1 slightly beyond 1. */
function clampCosine(cosine: number): number {
  return Math.max(-1, Math.min(1, cosine));
}

/** Fewer examples have no scores of their own. */
const MIN_EXAMPLES = 3;

/** Limits the scores of one route, so that creating an index takes linear time. */
const MAX_SCORES = 100;

/**
 * More examples than this do not raise the threshold further: near the median of the examples' own scores, it would refuse
 * half of the prompts that are as similar as they are.
 */
const MAX_COUNTED = 5;

/** A text without known words has the score 0, and must not reach a threshold. */
const LOWEST = 0.1;

/** How a route whose settings have no number derives its threshold. */
export type Strictness = "loose" | "normal" | "strict";

/**
 * `spreads`: how many distances between median and third quartile a generic prompt's score may lie above the median.
 * 85, 91 and 99 % of a normal distribution are below. `doubt`: the number of examples that count half. Both were chosen with
 * the sets "for tuning" of `npm run bench routing`, so that normally more than 80 % of the prompts of no route are refused
 * there; between values that did equally well, the set of developers' prompts decided.
 */
const RULES: Readonly<Record<Strictness, { readonly spreads: number; readonly doubt: number }>> = {
  loose: { spreads: 1.54, doubt: 8 },
  normal: { spreads: 2, doubt: 5 },
  strict: { spreads: 3.45, doubt: 2 },
};

/**
 * The lowest score at which a route applies if its settings have no number. It is the higher one of two:
 * - The 91 % quantile of the scores of generic prompts. It is extrapolated from median and third quartile, because some
 *   generic prompts are like those of the route: they are above both, and would raise the quantile itself.
 * - The separation of the examples: a point between that median and the median of the examples' own scores, the nearer to
 *   the latter the more examples there are, up to five. Few examples are more like each other than like the prompts that they mean.
 *
 * Both follow from the embedder's own scores, so that they fit any embedder.
 * @param own the leave-one-out scores of the route's examples
 * @param generic the scores of generic prompts for the route, a list for each language; the highest threshold counts
 */
export function derivedThreshold(
  own: readonly number[],
  generic: readonly (readonly number[])[],
  strictness: Strictness,
): number {
  const { spreads, doubt } = RULES[strictness];
  const counted = Math.min(own.length, MAX_COUNTED);
  const share = counted / (counted + doubt);
  const thresholds = generic.flatMap((scores) => {
    const median = quantile(scores, 0.5);
    const beyondGeneric = median + spreads * (quantile(scores, 0.75) - median);
    return [beyondGeneric, median + share * (quantile(own, 0.5) - median)];
  });
  return Math.min(1, Math.max(LOWEST, ...thresholds));
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
    let density = 0;
    for (const [other, vector] of vectors.entries()) {
      if (other !== at) density += densityAt(dot(own, vector));
    }
    return scoreOf(dot(own, others), density / (vectors.length - 1));
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
