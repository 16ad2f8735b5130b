/** A value, and how much it counts. */
export type Weighted = { readonly value: number; readonly weight: number };

/**
 * A quantile of weighted values, interpolated between the centers of their weights: for equal weights the median is the
 * middle value, or the mean of the two middle values. Undefined if no value has a weight.
 * @param q 0 to 1
 */
export function weightedQuantile(points: readonly Weighted[], q: number): number | undefined {
  const sorted = points.filter(({ weight }) => weight > 0).sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  let previous: { readonly value: number; readonly at: number } | undefined;
  for (const { value, weight } of sorted) {
    const at = (below + weight / 2) / total;
    if (at >= q) {
      if (previous === undefined) return value;
      return previous.value + ((q - previous.at) / (at - previous.at)) * (value - previous.value);
    }
    previous = { value, at };
    below += weight;
  }
  return previous?.value;
}
