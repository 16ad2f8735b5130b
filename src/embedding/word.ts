/** In code points; longer words give no token. */
const MAX_CODE_POINTS = 100;
/** Of the longest word, in UTF-8. */
export const MAX_WORD_BYTES = 4 * MAX_CODE_POINTS;

/** The word that is being read, in UTF-8, as the vocabulary has its entries. */
export class Word {
  readonly bytes = new Uint8Array(MAX_WORD_BYTES);
  #length = 0;
  #codePoints = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  get isTooLong(): boolean {
    return this.#codePoints > MAX_CODE_POINTS;
  }

  clear(): void {
    this.#length = 0;
    this.#codePoints = 0;
  }

  add(codePoint: number): void {
    this.#codePoints += 1;
    if (this.isTooLong) return;
    if (codePoint < 0x80) {
      this.#put(codePoint);
      return;
    }
    if (codePoint < 0x800) this.#put(0xc0 | (codePoint >> 6));
    else {
      if (codePoint < 0x10000) this.#put(0xe0 | (codePoint >> 12));
      else {
        this.#put(0xf0 | (codePoint >> 18));
        this.#put(0x80 | ((codePoint >> 12) & 0x3f));
      }
      this.#put(0x80 | ((codePoint >> 6) & 0x3f));
    }
    this.#put(0x80 | (codePoint & 0x3f));
  }

  #put(byte: number): void {
    this.bytes[this.#length] = byte;
    this.#length += 1;
  }
}
