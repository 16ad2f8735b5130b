import { mixHash, REST_SEED, type Vocabulary, WORD_SEED } from "./vocabulary.ts";

/** In code points; a longer word has no tokens. */
const MAX_CODE_POINTS = 100;
/** The UTF-8 length of the longest word. */
export const MAX_WORD_BYTES = 4 * MAX_CODE_POINTS;

/** Collects a word in UTF-8, the encoding of the vocabulary's entries. */
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

/**
 * Splits words into entries of a vocabulary, longest prefix first (WordPiece: Schuster and Nakajima 2012, in BERT's
 * variant: pieces after the first are entries that begin with `##`).
 */
export class WordPiece {
  readonly #vocabulary: Vocabulary;
  /** The hash of each prefix of the rest of a word. */
  readonly #hashes: Int32Array;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#hashes = new Int32Array(vocabulary.longest);
  }

  /**
   * Appends the rows of a word's pieces to the first `count` entries of `rows`. Returns the new count, or the old one if
   * the word cannot be split without a rest.
   * @param word UTF-8
   */
  split(word: Uint8Array, length: number, rows: Uint16Array, count: number): number {
    let next = count;
    for (let from = 0; from < length; ) {
      const isFirst = from === 0;
      const reach = Math.min(length, from + this.#hashes.length);
      let hash = isFirst ? WORD_SEED : REST_SEED;
      for (let at = from; at < reach; at += 1) {
        hash = mixHash(hash, word[at] ?? 0);
        this.#hashes[at - from] = hash;
      }
      let to = reach;
      let row = -1;
      for (; to > from; to -= 1) {
        row = this.#vocabulary.rowOfPiece(this.#hashes[to - 1 - from] ?? 0, word, from, to, isFirst);
        if (row >= 0) break;
      }
      if (row < 0) return count;
      rows[next] = row;
      next += 1;
      from = to;
    }
    return next;
  }
}
