import { direction } from "./vector.ts";

const MAGIC = 0x31565453; // "STV1", little-endian
const HEADER_BYTES = 16;
const SCALE_BYTES = 4;
const BITS = 4;

/**
 * A vector for each row of a vocabulary, 4 bits a component, as the file vectors.i4 has them: the header (`STV1`, rows,
 * dimensions, bits; 32 bits each), a scale for each row (float32), then the rows, two components a byte, the first in
 * the low half, each from -7 to 7 times the row's scale. All little-endian. Read where it lies, never unpacked.
 */
export class VectorTable {
  readonly size: number;
  readonly dimensions: number;
  readonly #scales: DataView;
  readonly #halves: Int8Array;
  readonly #sum: Float64Array;

  /** @throws where the file is not what it should be */
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

  /** The sum of rows, at length 1; the zero vector where there are none. A row that is named twice counts twice. */
  sumOf(rows: Uint16Array): Float32Array {
    const sum = this.#sum.fill(0);
    const halves = this.#halves;
    const rowBytes = this.dimensions / 2;
    for (let each = 0; each < rows.length; each += 1) {
      const row = rows[each] ?? 0;
      const scale = this.#scales.getFloat32(SCALE_BYTES * row, true);
      let at = row * rowBytes;
      for (let component = 0; component < sum.length; component += 2, at += 1) {
        const both = halves[at] ?? 0;
        sum[component] = (sum[component] ?? 0) + scale * ((both << 28) >> 28);
        sum[component + 1] = (sum[component + 1] ?? 0) + scale * (both >> 4);
      }
    }
    return direction(sum);
  }
}
