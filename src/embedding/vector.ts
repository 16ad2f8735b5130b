/** The sum of the products, component by component; of vectors of length 1 it is their cosine. */
export function dot(a: Float32Array, b: Float32Array): number {
  return dotAt(a, b, 0);
}

/** The dot product of a vector with the one that begins at `offset` of a row of vectors. */
export function dotAt(a: Float32Array, row: Float32Array, offset: number): number {
  // Four sums side by side: one alone would wait for itself at every step. Half the time of the plain loop, or less.
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  const fours = a.length & ~3;
  for (let at = 0; at < fours; at += 4) {
    first += (a[at] ?? 0) * (row[offset + at] ?? 0);
    second += (a[at + 1] ?? 0) * (row[offset + at + 1] ?? 0);
    third += (a[at + 2] ?? 0) * (row[offset + at + 2] ?? 0);
    fourth += (a[at + 3] ?? 0) * (row[offset + at + 3] ?? 0);
  }
  for (let at = fours; at < a.length; at += 1) first += (a[at] ?? 0) * (row[offset + at] ?? 0);
  return first + second + third + fourth;
}

/** -1 to 1; 0 where either is the zero vector, or they have not the same length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : Math.max(-1, Math.min(1, dot(a, b) / lengths));
}

/** The vector at length 1; the zero vector, and one with a component that is no number, as zeros. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  if (length === 0 || !Number.isFinite(length)) return new Float32Array(vector.length);
  return vector.map((component) => component / length);
}

/** The mean of vectors of one length, at length 1. */
export function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
  }
  return direction(sum);
}

/** A sum at length 1, rounded to single precision at the end only. */
export function direction(sum: Float64Array): Float32Array {
  let squares = 0;
  for (let at = 0; at < sum.length; at += 1) squares += (sum[at] ?? 0) ** 2;
  const made = new Float32Array(sum.length);
  if (squares === 0) return made;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < sum.length; at += 1) made[at] = (sum[at] ?? 0) * scale;
  return made;
}
