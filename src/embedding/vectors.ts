/**
 * Vector arithmetic of the built-in embedder and of the comparison with examples. The loops that run for every prompt
 * (`dotAll`, `VectorTable.directionOf`) handle several rows at once, which saves loads and lets additions overlap.
 * Of the 46 µs that classifying and deciding takes in `npm run bench decide`, comparing with 50 examples takes 10 instead
 * of 34 with a plain loop, and adding up 41 tokens 10 instead of 14 (2026-11-29, a busy machine).
 */

/** The dot product of two vectors of one length; for vectors of length 1 it is their cosine. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** The dot products of a vector with others of its length, in their order. */
export function dotAll(vector: Float32Array, others: readonly Float32Array[]): Float64Array {
  const products = new Float64Array(others.length);
  for (let at = 0; at < others.length; at += 4) {
    // The vector itself takes the place of the others after the last one.
    const a = others[at] ?? vector;
    const b = others[at + 1] ?? vector;
    const c = others[at + 2] ?? vector;
    const d = others[at + 3] ?? vector;
    storeFourDots(vector, a, b, c, d, products, at);
  }
  return products;
}

/** Stores four dot products from `at` on. Typed arrays ignore stores beyond their end. */
function storeFourDots(
  vector: Float32Array,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  d: Float32Array,
  products: Float64Array,
  at: number,
): void {
  let dotA = 0;
  let dotB = 0;
  let dotC = 0;
  let dotD = 0;
  for (let index = 0; index < vector.length; index += 1) {
    const component = vector[index] ?? 0;
    dotA += component * (a[index] ?? 0);
    dotB += component * (b[index] ?? 0);
    dotC += component * (c[index] ?? 0);
    dotD += component * (d[index] ?? 0);
  }
  products[at] = dotA;
  products[at + 1] = dotB;
  products[at + 2] = dotC;
  products[at + 3] = dotD;
}

/** The vector at length 1; zeros for the zero vector and for one with a component that is not finite. */
export function normalize(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  const normalized = new Float32Array(vector.length);
  if (length === 0 || !Number.isFinite(length)) return normalized;
  for (let at = 0; at < vector.length; at += 1) normalized[at] = (vector[at] ?? 0) / length;
  return normalized;
}

/** The mean of vectors of one length, at length 1. */
export function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  return directionOf(sumOf(vectors));
}

/** The sum of vectors of one length, in double precision. */
export function sumOf(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
  }
  return sum;
}

/** A sum at length 1, rounded to single precision once, at the end. */
export function directionOf(sum: Float64Array): Float32Array {
  let squares = 0;
  for (let at = 0; at < sum.length; at += 1) squares += (sum[at] ?? 0) ** 2;
  const direction = new Float32Array(sum.length);
  if (squares === 0) return direction;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < sum.length; at += 1) direction[at] = (sum[at] ?? 0) * scale;
  return direction;
}

const MAGIC = 0x31565453; // "STV1", little-endian
const HEADER_BYTES = 16;
const SCALE_BYTES = 4;
const BITS = 4;

/**
 * The file vectors.i4: a vector for each row of a vocabulary, 4 bits a component. It consists of a header (`STV1`, rows,
 * dimensions, bits; 32 bits each), a scale for each row (float32), then the rows, two components a byte, the first in
 * the low half, each from -7 to 7 times the row's scale. All little-endian. Components are read in place, so that the
 * table takes 3.7 MB of memory instead of 29 MB.
 */
export class VectorTable {
  readonly size: number;
  readonly dimensions: number;
  readonly #scales: DataView;
  readonly #halves: Int8Array;
  readonly #sum: Float64Array;

  /** @throws Error if the file is damaged */
  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const isTable = file.byteLength >= HEADER_BYTES && view.getUint32(0, true) === MAGIC;
    this.size = isTable ? view.getUint32(4, true) : 0;
    this.dimensions = isTable ? view.getUint32(8, true) : 0;
    const rowsAt = HEADER_BYTES + SCALE_BYTES * this.size;
    const bytes = rowsAt + (this.size * this.dimensions * BITS) / 8;
    if (!isTable || view.getUint32(12, true) !== BITS || file.byteLength !== bytes) {
      throw new Error("The table of word vectors is damaged.");
    }
    this.#scales = new DataView(file.buffer, file.byteOffset + HEADER_BYTES, SCALE_BYTES * this.size);
    this.#halves = new Int8Array(file.buffer, file.byteOffset + rowsAt, bytes - rowsAt);
    this.#sum = new Float64Array(this.dimensions);
  }

  /** The sum of rows at length 1; zeros if there are none. A row that occurs twice counts twice. */
  directionOf(rows: Uint16Array): Float32Array {
    const sum = this.#sum.fill(0);
    for (let at = 0; at < rows.length; at += 2) {
      const row = rows[at] ?? 0;
      const next = rows[at + 1];
      // An odd last row is paired with itself at a scale of zero.
      this.#add(sum, row, this.#scaleOf(row), next ?? row, next === undefined ? 0 : this.#scaleOf(next));
    }
    return directionOf(sum);
  }

  /** Adds two rows to the sum. */
  #add(sum: Float64Array, rowA: number, scaleA: number, rowB: number, scaleB: number): void {
    const halves = this.#halves;
    const rowBytes = this.dimensions / 2;
    let a = rowA * rowBytes;
    let b = rowB * rowBytes;
    for (let at = 0; at < sum.length; at += 2, a += 1, b += 1) {
      const pairA = halves[a] ?? 0;
      const pairB = halves[b] ?? 0;
      sum[at] = (sum[at] ?? 0) + scaleA * ((pairA << 28) >> 28) + scaleB * ((pairB << 28) >> 28);
      sum[at + 1] = (sum[at + 1] ?? 0) + scaleA * (pairA >> 4) + scaleB * (pairB >> 4);
    }
  }

  #scaleOf(row: number): number {
    return this.#scales.getFloat32(SCALE_BYTES * row, true);
  }
}
