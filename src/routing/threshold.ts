import { directionOf, dot } from "../embedding/vectors.ts";
import { scoreOf } from "./score.ts";

/** With fewer examples there is nothing to learn a threshold from. */
const MIN_EXAMPLES = 3;
const OF_FEW = 0.38;
const QUANTILE = 0.1;
const SLOPE = 0.5;
const OFFSET = 0.19;
const LOWEST = 0.32;
const HIGHEST = 0.55;

/** Of one route, so that an index of many examples is made in linear time; a tenth of them says little more than all. */
const MAX_LEFT_OUT = 100;

/**
 * The score from which a route applies where the user gives none: half of what nine in ten examples score for their own
 * route without themselves, plus 0.19, within 0.32 and 0.55; 0.38 for a route with fewer than three examples. Tuned
 * with the built-in table on public intent sets: 91 to 94 % of out-of-scope prompts are refused, 87 to 92 % of the
 * others go where they should (the table's README, "Choosing a route with it").
 * @param pool what `leftOutScores` gives for every route
 */
export function ownThreshold(examples: number, pool: readonly number[]): number {
  if (examples < MIN_EXAMPLES) return OF_FEW;
  return Math.min(HIGHEST, Math.max(LOWEST, SLOPE * quantile(pool, QUANTILE) + OFFSET));
}

/**
 * What a route's examples score for the route without themselves; of more than 100, a hundred spread evenly over them in
 * the order of the alphabet. None where there are fewer than three.
 * @param vectors of length 1, one for each example
 */
export function leftOutScores(
  examples: readonly string[],
  vectors: readonly Float32Array[],
): readonly number[] {
  if (examples.length < MIN_EXAMPLES) return [];
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
  }
  return spread(examples).map((left) => {
    const out = vectors[left] ?? new Float32Array();
    const others = directionOf(sum.map((component, at) => component - (out[at] ?? 0)));
    let nearest = -1;
    for (const [at, vector] of vectors.entries()) {
      if (at !== left) nearest = Math.max(nearest, dot(out, vector));
    }
    return scoreOf(dot(out, others), nearest);
  });
}

/** The places of the examples whose scores are taken: the same ones in whatever order they are written. */
function spread(examples: readonly string[]): readonly number[] {
  const sorted = [...examples.entries()].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([at]) => at);
  if (sorted.length <= MAX_LEFT_OUT) return sorted;
  const step = sorted.length / MAX_LEFT_OUT;
  return Array.from({ length: MAX_LEFT_OUT }, (_, at) => sorted[Math.floor(at * step)] ?? 0);
}

/** Between the two nearest values in proportion, as numpy's `quantile` does by default. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}
